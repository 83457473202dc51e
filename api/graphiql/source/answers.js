// The last answer, beside what the editor shows of it: what was refused, what it cost, how long it took.

import { Store } from './store.js';

export const lastAnswer = new Store(null);

export function told(result, { status = null, ms = null } = {}) {
  lastAnswer.set({
    status,
    ms,
    errors: result?.errors ?? [],
    denied: result?.extensions?.access?.denied ?? [],
    cost: result?.extensions?.cost ?? null,
  });
}
