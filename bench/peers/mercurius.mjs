// mercurius on Fastify with graphql-jit and its own loaders: one statement a level of the document, every one of a
// request in one transaction that has been told who asks. The schema is Vhod's for the fields that are asked.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import pg from 'pg';
import { rowContext } from './identity.mjs';
import { serveBy } from './processes.mjs';

pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, (text) => text);

const schema = `
  type Query { me: Me  classGroup(id: ID!): ClassGroup  journal(id: ID!): Journal  rating(id: ID!): Rating }
  type Me { person: Person  assignments: [Assignment!]! }
  type Person { id: ID!  lastName: String!  firstName: String!  middleName: String }
  type Assignment { id: ID!  role: String!  reach: String!  validFrom: String!  organisation: Organisation
                    subjectGroup: SubjectGroup }
  type Organisation { id: ID!  name: String! }
  type Subject { id: ID!  name: String! }
  type GradingPeriod { id: ID!  name: String! }
  type ClassGroup { id: ID!  name: String!  subjectGroups(schoolYear: Int): [SubjectGroup!]! }
  type SubjectGroup { id: ID!  name: String!  subject: Subject  journals(on: String): [Journal!]! }
  type Journal { id: ID!  className: String!  subject: Subject  gradingPeriod: GradingPeriod
                 lessons(since: String, until: String): [Lesson!]!  lines: [JournalLine!]! }
  type Lesson { id: ID!  heldOn: String!  number: Int!  topic: String  homework: String
                status: String!  version: Int!  slots: [AssessmentSlot!]!
                marks: [Mark!]!  attendance: [AttendanceRecord!]! }
  type JournalLine { id: ID!  number: Int!  studentName: String!  markSum: Int!  weightSum: Int!
                     marks: [Mark!]!  attendance: [AttendanceRecord!]! }
  type AssessmentSlot { id: ID!  number: Int!  code: String  weight: Int! }
  type Mark { id: ID!  value: Int!  scale: String!  weight: Int!  heldOn: String!  remark: String  position: Int!
              version: Int!  lesson: Lesson  slot: AssessmentSlot }
  type AttendanceRecord { id: ID!  code: String!  heldOn: String!  version: Int!  lesson: Lesson }
  type Rating { id: ID!  entries: [RatingEntry!]! }
  type RatingEntry { id: ID!  section: String!  position: Int!  rank: Int  tied: Int!  ratedName: String!
                     pointsShown: String  percentShown: String  known: Int!  needed: Int!
                     level: MethodologyLevel  organisation: Organisation }
  type MethodologyLevel { id: ID!  code: String!  name: String!  colour: String }
`;

const ASSIGNMENTS = `select id, role, reach, valid_from "validFrom", organisation_id, subject_group_id from assignment
  where person_id = $1 and live_from <= now() and (live_until is null or live_until > now()) order by valid_from, id`;
const JOURNAL = 'id, class_name "className", subject_id, grading_period_id, subject_group_id';
const LESSON = 'held_on "heldOn", number, topic, homework, status, version, school_year';
const SLOT = 'number, code, weight';
const ENTRIES = `select id, section, position, rank, tied, rated_name "ratedName", points_shown "pointsShown",
  percent_shown "percentShown", known, needed, level_id, organisation_id from rating_entry where rating_id = $1
  order by section_position, position`;
// Marks are partitioned by school year, hence both columns.
const MARKS = (column, order) => `select id, value, scale, weight, held_on "heldOn", remark, position, version,
  lesson_id, slot_id, ${column} parent from mark
  where ${column} = any($1::uuid[]) and school_year = any($2::int[]) order by ${order}`;
const ATTENDANCE = (column, order) => `select id, code, held_on "heldOn", version, lesson_id, ${column} parent
  from attendance_record
  where ${column} = any($1::uuid[]) and school_year = any($2::int[]) order by ${order}`;

const statements = new Map();
async function rows(context, text, values) {
  if (!statements.has(text)) statements.set(text, `s${statements.size}`);
  return (await context.client.query({ name: statements.get(text), text, values })).rows;
}

const one = (table, columns, key) => async (queries, context) => {
  const ids = [...new Set(queries.map(({ obj }) => obj[key]).filter(Boolean))];
  if (!ids.length) return queries.map(() => null);
  const found = new Map();
  const text = `select id, ${columns} from ${table} where id = any($1::uuid[])`;
  for (const row of await rows(context, text, [ids])) found.set(row.id, row);
  return queries.map(({ obj }) => found.get(obj[key]) ?? null);
};

const many = (statement) => async (queries, context) => {
  const lists = new Map(queries.map(({ obj }) => [obj.id, []]));
  const { text, values } = statement([...lists.keys()], queries);
  for (const row of await rows(context, text, values)) lists.get(row.parent).push(row);
  return queries.map(({ obj }) => lists.get(obj.id));
};

const ofYear = (make, column, order) => many((ids, queries) => ({
  text: make(column, order),
  values: [ids, [...new Set(queries.map(({ obj }) => obj.school_year))]],
}));

const loaders = {
  Assignment: {
    organisation: one('organisation', 'name', 'organisation_id'),
    subjectGroup: one('subject_group', 'name, subject_id', 'subject_group_id'),
  },
  ClassGroup: {
    subjectGroups: many((ids, [{ params }]) => ({
      text: `select id, name, subject_id, class_group_id parent from subject_group
             where class_group_id = any($1::uuid[]) and ($2::int is null or school_year = $2)
             order by school_year, name, id`,
      values: [ids, params.schoolYear],
    })),
  },
  SubjectGroup: {
    subject: one('subject', 'name', 'subject_id'),
    journals: many((ids, [{ params }]) => ({
      text: `select ${JOURNAL}, subject_group_id parent from journal where subject_group_id = any($1::uuid[])
             and grading_period_id in (select id from grading_period where starts_on <= $2 and ends_on >= $2)
             order by school_year, grading_period_id, id`,
      values: [ids, params.on],
    })),
  },
  Journal: {
    subject: one('subject', 'name', 'subject_id'),
    gradingPeriod: one('grading_period', 'name', 'grading_period_id'),
    lessons: many((ids, [{ params }]) => ({
      text: `select id, ${LESSON}, journal_id parent from lesson
             where journal_id = any($1::uuid[]) and ($2::date is null or held_on >= $2)
             and ($3::date is null or held_on <= $3) order by held_on, number, id`,
      values: [ids, params.since, params.until],
    })),
    lines: many((ids) => ({
      text: `select id, number, student_name "studentName", mark_sum "markSum", weight_sum "weightSum", school_year,
             journal_id parent from journal_line where journal_id = any($1::uuid[]) order by number, id`,
      values: [ids],
    })),
  },
  Lesson: {
    slots: many((ids) => ({
      text: `select id, ${SLOT}, lesson_id parent from assessment_slot where lesson_id = any($1::uuid[])
             order by number, id`,
      values: [ids],
    })),
    marks: ofYear(MARKS, 'lesson_id', 'id'),
    attendance: ofYear(ATTENDANCE, 'lesson_id', 'id'),
  },
  JournalLine: {
    marks: ofYear(MARKS, 'journal_line_id', 'held_on, id'),
    attendance: ofYear(ATTENDANCE, 'journal_line_id', 'held_on, id'),
  },
  Mark: { lesson: one('lesson', LESSON, 'lesson_id'), slot: one('assessment_slot', SLOT, 'slot_id') },
  AttendanceRecord: { lesson: one('lesson', LESSON, 'lesson_id') },
  RatingEntry: {
    level: one('methodology_level', 'code, name, colour', 'level_id'),
    organisation: one('organisation', 'name', 'organisation_id'),
  },
};

const resolvers = {
  Query: {
    me: () => ({}),
    classGroup: async (_, { id }, context) =>
      (await rows(context, 'select id, name from class_group where id = $1', [id]))[0],
    journal: async (_, { id }, context) =>
      (await rows(context, `select ${JOURNAL} from journal where id = $1`, [id]))[0],
    rating: (_, { id }) => ({ id }),
  },
  Me: {
    person: async (_, __, context) => (await rows(context, `select id, last_name "lastName", first_name "firstName",
      middle_name "middleName" from person where id = $1`, [context.person]))[0],
    assignments: (_, __, context) => rows(context, ASSIGNMENTS, [context.person]),
  },
  Rating: { entries: ({ id }, _, context) => rows(context, ENTRIES, [id]) },
};

const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE, max: Number(process.env.BENCH_POOL) });

// One message for both: `begin` and the context take a single round trip.
async function begun(request) {
  const { person, reach, restricted } = await rowContext(request.headers.authorization);
  const client = await pool.connect();
  request.client = client;
  const [a, b, c] = [person, reach, restricted].map((value) => pg.escapeLiteral(value));
  await client.query(`begin read only; select set_config('vhod.person', ${a}, true),
    set_config('vhod.reach', ${b}, true), set_config('vhod.restricted', ${c}, true)`);
  return { client, person };
}

await serveBy(async () => {
  const app = Fastify({ logger: false });
  app.addHook('onSend', async (request) => {
    const { client } = request;
    if (!client) return;
    request.client = null;
    try {
      await client.query('commit');
      client.release();
    } catch (error) {
      client.release(error);
    }
  });
  await app.register(mercurius, {
    schema, resolvers, loaders, jit: 1, cache: true, graphiql: false, context: begun, path: '/graphql',
  });
  await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
});
