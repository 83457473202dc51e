// @urql/core, as a front end uses it: signs in by token, reads, writes twice with one key, meets refusals and errors.
import assert from "node:assert/strict";
import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";

const { URL: url, ADMINISTRATOR, TEACHER, KEY } = process.env;
const client = (token) =>
  new Client({
    url,
    exchanges: [cacheExchange, fetchExchange],
    preferGetMethod: false,
    fetchOptions: { headers: token ? { authorization: `Bearer ${token}` } : {} },
  });
const PLACES = gql`
  query Places {
    me {
      assignments {
        organisation {
          id
          viewerCan { grantAssignment { allowed } }
          staff(first: 20) { nodes { person { id } } }
          classGroups { id }
        }
      }
    }
  }
`;
const GRANT = gql`
  mutation Grant($input: GrantAssignmentInput!) {
    grantAssignment(input: $input) {
      assignment { id role }
      userErrors { __typename code message path }
    }
  }
`;
const checks = {
  "an anonymous question": async () => {
    const { data, error } = await client().query(gql`query Standing { me { standing } }`, {});
    assert.equal(error?.message, undefined);
    assert.equal(data.me.standing, "ANONYMOUS");
  },
  "a signed-in question": async () => {
    const { data, error } = await client(TEACHER).query(gql`query Who { me { person { displayName } } }`, {});
    assert.equal(error?.message, undefined);
    assert.match(data.me.person.displayName, /Примерова/);
  },
  "refused cells in extensions": async () => {
    const ask = gql`query Cards { journals(first: 1) { nodes { lines { student { birthDate } } } } }`;
    const { extensions } = await client(TEACHER).query(ask, {});
    assert.equal(extensions.access.denied[0].field, "Student.birthDate");
  },
  "a mutation, and again with the same key": async () => {
    const administrator = client(ADMINISTRATOR);
    const { data } = await administrator.query(PLACES, {});
    const place = data.me.assignments.map((one) => one.organisation).find((one) => one?.viewerCan.grantAssignment.allowed);
    const input = {
      clientMutationId: KEY,
      organisationId: place.id,
      holderId: place.staff.nodes[1].person.id,
      classGroupId: place.classGroups[0].id,
      role: "HOMEROOM_TEACHER",
      validFrom: "2026-12-01",
      reason: "Приказ о классном руководстве",
    };
    const first = await administrator.mutation(GRANT, { input });
    const second = await administrator.mutation(GRANT, { input });
    assert.deepEqual(first.data.grantAssignment.userErrors, []);
    assert.equal(first.data.grantAssignment.assignment.role, "HOMEROOM_TEACHER");
    assert.equal(second.data.grantAssignment.assignment.id, first.data.grantAssignment.assignment.id);
  },
  "a refusal as data": async () => {
    const ask = gql`
      mutation Wrong($input: EndAssignmentInput!) {
        endAssignment(input: $input) { userErrors { __typename code } }
      }
    `;
    const input = { clientMutationId: KEY, assignmentId: "Assignment:00000000-0000-0000-0000-000000000000", reason: "нет" };
    const { data, error } = await client(TEACHER).mutation(ask, { input });
    assert.equal(error?.message, undefined);
    assert.ok(data.endAssignment.userErrors.length > 0);
  },
  "a document that is not valid": async () => {
    const { error } = await client(TEACHER).query(gql`query Wrong { nothing }`, {});
    assert.equal(error.graphQLErrors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  },
  "a token that is not good": async () => {
    const { error } = await client("x.y.z").query(gql`query Who { me { standing } }`, {});
    assert.equal(error.response.status, 401);
  },
};

let good = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    good += 1;
  } catch (error) {
    console.log(`${name}: ${error.message.split("\n").slice(0, 4).join(" ")}`);
  }
}
console.log(`${good} of ${Object.keys(checks).length}`);
