// Settings of the editors that GraphiQL has no property for.

import { useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';

const EDITORS = { queryEditor: 'Запрос', variableEditor: 'Переменные', responseEditor: 'Ответ' };

// Russian text is no trick: Cyrillic letters that look like Latin ones are not to be framed as suspicious.
function settings(label) {
  return {
    ariaLabel: label,
    wordWrap: 'on',
    unicodeHighlight: { ambiguousCharacters: false, invisibleCharacters: false },
  };
}

export function Editors() {
  const found = {
    queryEditor: useGraphiQL((state) => state.queryEditor),
    variableEditor: useGraphiQL((state) => state.variableEditor),
    responseEditor: useGraphiQL((state) => state.responseEditor),
  };
  useEffect(() => {
    for (const [name, editor] of Object.entries(found)) editor?.updateOptions(settings(EDITORS[name]));
  }, Object.values(found));
  return null;
}
