// Runs the audits of graphql-http (GraphQL over HTTP, npm) against URL and prints what does not hold, then the count.

import { auditServer } from 'graphql-http';

const results = await auditServer({ url: process.env.URL });
const missed = results.filter((result) => result.status !== 'ok');

for (const { id, name, status, reason } of missed) console.log(`${status} ${id} ${name}: ${reason}`);
console.log(`${results.length - missed.length} of ${results.length}`);
process.exitCode = missed.length ? 1 : 0;
