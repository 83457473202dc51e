// Runs the audits of graphql-http (GraphQL over HTTP, npm) against URL and prints what does not hold, then the count.
// One after the other: all at once are more than the server takes from one stranger, which is another matter.

import { serverAudits } from 'graphql-http';

const results = [];
for (const audit of serverAudits({ url: process.env.URL })) results.push(await audit.fn());
const missed = results.filter((result) => result.status !== 'ok');

for (const { id, name, status, reason } of missed) console.log(`${status} ${id} ${name}: ${reason}`);
console.log(`${results.length - missed.length} of ${results.length}`);
process.exitCode = missed.length ? 1 : 0;
