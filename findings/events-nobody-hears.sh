#!/usr/bin/env bash
# Server-sent events may end their lines in CRLF, LF or CR; @urql/core splits at two LFs and hears nothing else.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @urql/core@6.0.3 graphql@16.15.0

cat > follow.mjs <<'END'
import { createServer } from 'node:http';
import { createClient, fetchExchange } from '@urql/core';

for (const [name, end] of [['LF', '\n'], ['CRLF', '\r\n']]) {
  const server = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/event-stream');
    answer.end(['event: next', 'data: {"data":{"mark":5}}', '', 'event: complete', 'data:', '', ''].join(end));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${server.address().port}/graphql`;
  const client = createClient({ url, exchanges: [fetchExchange], fetchSubscriptions: true, preferGetMethod: false });
  const told = await new Promise((heard) => {
    client.subscription('subscription { mark }', {}).subscribe(({ data, error }) => heard(data?.mark ?? error.message));
  });
  console.log(name, told);
  server.closeAllConnections();
  server.close();
}
END
node follow.mjs > seen.txt

echo "versions: @urql/core 6.0.3, graphql 16.15.0"
echo "expected: 5 twice. HTML standard, 9.2.5: end-of-line = ( cr lf / cr / lf ); several servers' libraries write CRLF."
known='LF 5
CRLF [Network] No Content'

seen=$(cat seen.txt)
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$known" ] || { printf 'this has changed; it was:\n%s\n' "$known"; exit 1; }
