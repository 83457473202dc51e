// Follows a diary with the official clients (npm: graphql-ws, graphql-sse). Each check is a line; the last line counts.
// Whoever runs this makes something happen each time a line "go" is printed.
import { createClient as createSocketClient } from 'graphql-ws';
import { createClient as createStreamClient } from 'graphql-sse';
import WebSocket from 'ws';

const { PORT, TOKEN, STUDENT } = process.env;
const query = `subscription Diary($id: ID!, $since: String) {
  diaryChanged(studentId: $id, since: $since) { cursor changes { kind object { id } } } }`;
let passed = 0;
let failed = 0;

function check(what, holds, told = '') {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? 'ok' : 'FAILED'}: ${what}${holds ? '' : ' ' + JSON.stringify(told)}`);
}

function socketClient(authorization, closed = () => {}) {
  return createSocketClient({
    url: `ws://127.0.0.1:${PORT}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: authorization },
    retryAttempts: 0,
    on: { closed },
  });
}

function streamClient(authorization) {
  return createStreamClient({
    url: `http://127.0.0.1:${PORT}/graphql`,
    headers: { Authorization: authorization },
    retryAttempts: 0,
  });
}

async function follow(name, client) {
  const answers = client.iterate({ query, variables: { id: STUDENT } });
  const first = (await answers.next()).value;
  check(`${name}: the first answer has a cursor and no errors`, first.data?.diaryChanged?.cursor && !first.errors, first);
  console.log('go');
  const second = (await answers.next()).value;
  const changes = second.data?.diaryChanged?.changes ?? [];
  check(`${name}: a mark is told with its object`, changes[0]?.kind === 'MARK' && changes[0]?.object?.id, second);
  await answers.return();
  const since = first.data.diaryChanged.cursor;
  const again = client.iterate({ query, variables: { id: STUDENT, since } });
  const missed = (await again.next()).value;
  check(`${name}: the same is told again by cursor`, missed.data?.diaryChanged?.changes?.length === 1, missed);
  await again.return();
  const unknown = client.iterate({ query, variables: { id: 'Student:00000000-0000-0000-0000-000000000000' } });
  const nothing = (await unknown.next()).value;
  check(`${name}: what is unknown is null`, nothing.data?.diaryChanged === null, nothing);
  check(`${name}: and the end`, (await unknown.next()).done === true);
}

async function refused(name, answers, told) {
  try {
    const answer = await answers.next();
    const code = answer.value?.errors?.[0]?.extensions?.code;
    check(name, code === told, answer.value);
  } catch (error) {
    const found = Array.isArray(error) ? error[0].extensions.code : error.code ?? error.response?.status;
    check(name, found === told, error);
  }
}

const socket = socketClient(`Bearer ${TOKEN}`);
await follow('graphql-ws', socket);
await refused('graphql-ws: a query is refused', socket.iterate({ query: '{ me { standing } }' }), 'BAD_REQUEST');
await refused('graphql-ws: validation has its code', socket.iterate({ query: 'subscription { nothing }' }), 'GRAPHQL_VALIDATION_FAILED');
await socket.dispose();
await refused('graphql-ws: a bad token closes with 4401', socketClient('Bearer x').iterate({ query }), 4401);

const stream = streamClient(`Bearer ${TOKEN}`);
await follow('graphql-sse', stream);
await refused('graphql-sse: a query is refused', stream.iterate({ query: '{ me { standing } }' }), 'BAD_REQUEST');
await refused('graphql-sse: validation has its code', stream.iterate({ query: 'subscription { nothing }' }), 'GRAPHQL_VALIDATION_FAILED');
stream.dispose();
await refused('graphql-sse: a bad token is 401', streamClient('Bearer x').iterate({ query }), 401);

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
