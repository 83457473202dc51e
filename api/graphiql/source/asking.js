// A request to /graphql in the name of who is signed in.

import { askWho, csrf } from './session.js';

export async function ask(body, more = {}) {
  const response = await fetch('/graphql', {
    method: 'POST',
    body: JSON.stringify(body),
    ...more,
    headers: {
      'Content-Type': 'application/json',
      'Accept-Language': 'ru',
      ...more.headers,
      'X-CSRF-Token': csrf(),
    },
  });
  // Signed out or in anew in another tab, or idle for too long: then say so at once.
  if ([401, 403].includes(response.status)) await askWho();
  return response;
}

// The answer's data; throws its first error.
export async function data(query, variables = {}) {
  const body = await (await ask({ query, variables })).json();
  if (body.errors?.length) throw new Error(body.errors[0].message);
  return body.data;
}
