// Who is signed in: the session is a cookie that scripts cannot read; what changes anything carries its CSRF value.

import { forget, keepFor } from './drafts.js';
import { Store } from './store.js';

const HERE = '/graphiql';
const NOBODY = { signedIn: false };

export const session = new Store(null); // null until the server has told

export const me = new Store(null); // the viewer as the API knows them, with roles

export async function askWho() {
  const answer = await fetch('/session', { headers: { Accept: 'application/json' }, cache: 'no-store' });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const told = await answer.json();
  if (!told.signedIn && session.value?.signedIn) return ended();
  if (told.signedIn) keepFor(told.name);
  session.set(told);
}

export const signInAddress = `/session/sign-in?next=${encodeURIComponent(HERE)}`;

// A change of roles wants a sign-in of just now; the query stays where it is meanwhile.
export const freshAddress = `${signInAddress}&fresh=true`;

export const csrf = () => session.value?.csrf ?? '';

// Nothing of this person stays behind in the browser, neither queries nor answers; then the provider's session ends, too.
export async function signOut() {
  const answer = await fetch('/session/sign-out', { method: 'POST', headers: { 'X-CSRF-Token': csrf() } });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const { providerSignOut } = await answer.json();
  forget();
  me.set(null);
  session.set(NOBODY);
  if (providerSignOut) location.assign(providerSignOut);
}

// The server no longer knows the session: the page stays as it is, so that nothing typed is lost.
function ended() {
  session.set({ ...session.value, ended: true });
}
