// The same request for a command line. No secret is in it: the token is a variable of the shell.

import { ToolbarButton, useGraphiQL } from '@graphiql/react';
import { useState } from 'react';

import { known } from './known.js';
import { previewHeaders } from './preview.js';

export function CopyAsCurl() {
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const operationName = useGraphiQL((state) => state.operationName);
  const [label, setLabel] = useState('Скопировать как curl');
  const copy = async () => {
    const line = curl(queryEditor.getValue(), variableEditor.getValue(), operationName);
    setLabel(await navigator.clipboard.writeText(line).then(() => 'Скопировано', () => 'Браузер не дал скопировать'));
  };
  return (
    <ToolbarButton label={label} onClick={copy}>
      <svg className="graphiql-toolbar-icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" aria-hidden="true">
        <path d="M4 5h16v14H4z M7 9l3 3-3 3 M12 15h5" />
      </svg>
    </ToolbarButton>
  );
}

// A line for a POSIX shell.
export function curl(query, variables, operationName) {
  const body = { query, ...(operationName && { operationName }), ...(variables.trim() && { variables: read(variables) }) };
  const lines = [
    `curl -s ${known.endpoint}`,
    "-H 'Content-Type: application/json'",
    "-H 'Accept-Language: ru'",
    '-H "Authorization: Bearer $TOKEN"',
    ...Object.entries(previewHeaders()).map(([name, text]) => `-H '${name}: ${text}'`),
    `--data-binary '${JSON.stringify(body).replaceAll("'", "'\\''")}'`,
  ];
  return lines.join(' \\\n  ');
}

function read(variables) {
  try {
    return JSON.parse(variables);
  } catch {
    return {}; // not yet valid JSON: the request could not be sent either
  }
}
