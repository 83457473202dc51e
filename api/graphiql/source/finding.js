// Values for an example's variables: found by a query of its own, in the name of who asks, so that they fit everywhere.

import { data } from './asking.js';

// The variables of an example, {} when it has none; a value that is not there for this person is null.
export async function variablesOf(example) {
  if (!example.finding) return {};
  const found = await data(example.finding);
  return Object.fromEntries(Object.entries(example.variables).map(([name, path]) => [name, valueAt(found, path)]));
}

// A path into the answer, as api/graphiql/examples.py describes it.
function valueAt(found, path) {
  if (path === 'new') return crypto.randomUUID();
  if (path === 'today') return new Date().toLocaleDateString('sv'); // as ISO 8601 writes it
  return path.split('.').reduce(step, found) ?? null;
}

// `?a/b`: of a list the first item whose a.b is there and true; else the field or place of that name.
function step(value, name) {
  if (!name.startsWith('?')) return value?.[name];
  return value?.find((item) => holds(item, name.slice(1).split('/')));
}

// Of a list on the way one item is enough.
function holds(part, keys) {
  if (Array.isArray(part)) return part.some((item) => holds(item, keys));
  return keys.length === 0 ? Boolean(part) : holds(part?.[keys[0]], keys.slice(1));
}
