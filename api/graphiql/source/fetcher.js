// How GraphiQL asks: queries and changes over HTTP, subscriptions over a socket, or as server-sent events without one.

import { createClient as createStream } from 'graphql-sse';
import { createClient as createSocket } from 'graphql-ws';
import { getOperationAST, parse } from 'graphql';

import { lastAnswer, told } from './answers.js';
import { ask } from './asking.js';
import { previewHeaders } from './preview.js';
import { askWho, csrf } from './session.js';

const NEVER_OPENED = 1006; // a proxy that knows no sockets, mostly
const ACCEPT = 'application/graphql-response+json, application/json;q=0.9';

let socketsWork = true;

export function fetcher(given, { headers } = {}) {
  const { asked, operation } = withItsOperation(given);
  lastAnswer.set(null);
  return operation?.operation === 'subscription' ? subscribe(asked) : once(asked, headers);
}

// GraphiQL knows the operation's name a moment late: of a query just written it may still be the name of the last one.
function withItsOperation(asked) {
  try {
    const document = parse(asked.query);
    const named = getOperationAST(document, asked.operationName || undefined);
    if (named) return { asked, operation: named };
    const { operationName: _, ...rest } = asked;
    return { asked: rest, operation: getOperationAST(document) };
  } catch {
    return { asked }; // the server says what is wrong with it
  }
}

async function once(asked, headers) {
  const started = performance.now();
  const response = await ask(asked, { headers: { ...headers, ...previewHeaders(), Accept: ACCEPT } });
  const text = await response.text();
  const ms = Math.round(performance.now() - started);
  const result = parsed(text, response.status);
  told(result, { status: response.status, ms });
  askWho().catch(() => {}); // without a cookie the server answers as to anybody: whoever was signed in must know
  return result;
}

function parsed(text, status) {
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `Ответ не в формате JSON (HTTP ${status}). Возможно, ответил не сервер, а посредник.` }] };
  }
}

// What GraphiQL understands as an observable.
function subscribe(asked) {
  return {
    subscribe(observer) {
      const sink = {
        next: (result) => {
          told(result);
          observer.next(result);
        },
        error: (error) => observer.error(readable(error)),
        complete: () => observer.complete(),
      };
      return { unsubscribe: socketsWork ? bySocket(asked, sink) : byStream(asked, sink) };
    },
  };
}

function bySocket(asked, sink) {
  const address = new URL('/graphql', location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  let opened = false;
  let stop;
  const client = createSocket({
    url: address.href,
    retryAttempts: 0,
    connectionParams: () => ({ csrf: csrf(), ...previewHeaders() }),
    on: { opened: () => { opened = true; } },
  });
  const unsubscribe = client.subscribe(asked, {
    ...sink,
    error(error) {
      if (opened || error?.code !== NEVER_OPENED) return sink.error(error);
      socketsWork = false;
      stop = byStream(asked, sink);
    },
  });
  return () => (stop ?? unsubscribe)();
}

function byStream(asked, sink) {
  const client = createStream({
    url: '/graphql',
    retryAttempts: 0,
    headers: () => ({ 'X-CSRF-Token': csrf(), 'Accept-Language': 'ru', ...previewHeaders() }),
  });
  return client.subscribe(asked, sink);
}

function readable(error) {
  if (error instanceof CloseEvent) return new Error(`Соединение закрыто: ${error.code} ${error.reason}`.trim());
  if (Array.isArray(error)) return { errors: error };
  return error;
}
