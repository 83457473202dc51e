// A value that several parts of the page look at.

import { useSyncExternalStore } from 'react';

export class Store {
  #watchers = new Set();

  constructor(value) {
    this.value = value;
  }

  set(value) {
    this.value = value;
    for (const watcher of this.#watchers) watcher();
  }

  use() {
    return useSyncExternalStore(
      (watcher) => {
        this.#watchers.add(watcher);
        return () => this.#watchers.delete(watcher);
      },
      () => this.value,
    );
  }
}
