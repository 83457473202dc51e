// Every rule there is, and why some are off.
const off = (reasons) => Object.fromEntries(Object.keys(reasons).map((name) => [`@graphql-eslint/${name}`, "off"]));

module.exports = {
  root: true,
  overrides: [
    {
      files: ["schema.graphql"],
      extends: "plugin:@graphql-eslint/schema-all",
      parserOptions: { schema: "schema.graphql" },
      rules: off({
        alphabetize: "fields stand in the order in which one reads about them",
        "strict-id-in-types": "a count, an explanation or a payload has no identity; what has one implements Node",
        "require-nullable-result-in-root": "a payload is never missing: a refusal is data in its userErrors",
        "require-field-of-type-query-in-mutation-result":
          "a payload gives what was changed; whoever wants more asks once more, in a snapshot of its own",
        "no-typename-prefix": "Locked.lockedAt says what `at` would not",
      }),
    },
    {
      files: ["documents/**/*.graphql"],
      extends: "plugin:@graphql-eslint/operations-all",
      parserOptions: { schema: "schema.graphql", operations: "documents/**/*.graphql" },
      rules: off({
        alphabetize: "examples are read by people",
        "require-id-when-available": "they are written for people, not for a cache",
        "match-document-filename": "files are numbered in the order of a tour",
      }),
    },
  ],
};
