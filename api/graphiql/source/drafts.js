// What the editor remembers over a reload: in this tab only, for this person only, and nothing once they have left.

const OWNER = 'vhod:owner';

let closed = false;

// The storage that GraphiQL writes to; what it still wants to write after signing out is dropped.
export const drafts = {
  getItem: (key) => sessionStorage.getItem(key),
  setItem: (key, value) => closed || sessionStorage.setItem(key, value),
  removeItem: (key) => sessionStorage.removeItem(key),
  clear: () => sessionStorage.clear(),
  get length() {
    return sessionStorage.length;
  },
};

// Another person's drafts are not shown to this one.
export function keepFor(name) {
  if (sessionStorage.getItem(OWNER) !== name) sessionStorage.clear();
  sessionStorage.setItem(OWNER, name);
}

export function forget() {
  closed = true;
  sessionStorage.clear();
}
