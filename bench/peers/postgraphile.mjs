// PostGraphile 5 over the same tables, as the role of the API, under row-level security: the Amber preset in production
// mode, no GraphiQL, no watching, no explaining. Lists instead of connections, which is quicker for it.
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { makePgService } from 'postgraphile/adaptors/pg';
import { addPgTableCondition } from 'postgraphile/utils';
import { rowContext } from './identity.mjs';
import { serveBy } from './processes.mjs';

// Conditions that PostGraphile does not have by itself: Vhod's `journals(on:)`, `lessons(since:, until:)`, and roles
// that hold now.
function condition(tableName, name, type, where) {
  return addPgTableCondition({ serviceName: 'main', schemaName: 'public', tableName }, name, (build) => ({
    type: build.graphql[type],
    apply($rows, value) {
      $rows.where(where(build.sql, $rows.alias, value));
    },
  }));
}
const conditions = [
  condition('journal', 'on', 'GraphQLString', (sql, t, day) =>
    sql`${t}.grading_period_id in (select id from public.grading_period
        where starts_on <= ${sql.value(day)}::date and ends_on >= ${sql.value(day)}::date)`),
  condition('lesson', 'since', 'GraphQLString', (sql, t, day) => sql`${t}.held_on >= ${sql.value(day)}::date`),
  condition('lesson', 'until', 'GraphQLString', (sql, t, day) => sql`${t}.held_on <= ${sql.value(day)}::date`),
  condition('assignment', 'live', 'GraphQLBoolean', (sql, t) =>
    sql`${t}.live_from <= now() and (${t}.live_until is null or ${t}.live_until > now())`),
];

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: conditions,
  disablePlugins: ['PgIndexBehaviorsPlugin'], // conditions and orders also where no index begins with the column
  schema: { defaultBehavior: '-connection +list -insert -update -delete' },
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false, websockets: false },
  grafast: {
    explain: false,
    async context(request) {
      const { person, reach, restricted } = await rowContext(request.node.req.headers.authorization);
      return { pgSettings: { 'vhod.person': person, 'vhod.reach': reach, 'vhod.restricted': restricted } };
    },
  },
  pgServices: [
    makePgService({
      connectionString: process.env.BENCH_DATABASE,
      schemas: ['public'],
      poolConfig: { max: Number(process.env.BENCH_POOL) },
    }),
  ],
};

await serveBy(async () => {
  const instance = postgraphile(preset);
  const server = createServer();
  await instance.createServ(grafserv).addTo(server);
  if (process.env.BENCH_SDL) {
    const { printSchema } = await import('graphql');
    process.stdout.write(printSchema((await instance.getSchema())));
    process.exit(0);
  }
  server.listen(Number(process.env.PORT), '127.0.0.1');
});
