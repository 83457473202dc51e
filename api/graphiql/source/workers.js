// The editor's helpers: each runs in a worker of its own, loaded from us.

import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker';
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker';
import GraphQLWorker from 'monaco-graphql/esm/graphql.worker.js?worker';

const BY_LANGUAGE = { json: JsonWorker, graphql: GraphQLWorker };

globalThis.MonacoEnvironment = {
  getWorker(_, language) {
    return new (BY_LANGUAGE[language] ?? EditorWorker)();
  },
};
