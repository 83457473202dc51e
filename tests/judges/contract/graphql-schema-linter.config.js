// All rules but those of the alphabet: fields, values and arguments stand in the order in which one reads about them.
const { readdirSync } = require("node:fs");
const { dirname, join } = require("node:path");

const folder = join(dirname(require.resolve("graphql-schema-linter/package.json")), "lib", "rules");
const all = readdirSync(folder).filter((name) => name.endsWith(".js")).map((name) => name.slice(0, -3).replaceAll("_", "-"));

module.exports = {
  rules: all.filter((name) => !name.endsWith("alphabetically")),
  schemaPaths: ["./schema.graphql"],
};
