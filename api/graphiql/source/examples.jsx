// The examples panel: common jobs by role. One is opened in a tab of its own, with values for its variables.

import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useState } from 'react';

import { variablesOf } from './finding.js';
import { known } from './known.js';
import { me } from './session.js';

const NARROW = '(max-width: 48rem)';

export const examplesPlugin = () => ({ title: 'Примеры', icon: Icon, content: Examples });

function Icon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <path d="M5 4h14v16H5z M8 8h8 M8 12h8 M8 16h5" />
    </svg>
  );
}

function Examples() {
  const [status, setStatus] = useState('');
  const open = useOpening(setStatus);
  return (
    <section className="panel" aria-labelledby="examples-heading">
      <h2 id="examples-heading">Примеры</h2>
      <p>Откройте пример, измените его и выполните. Значения переменных находятся сами, от вашего имени.</p>
      <p className="status" role="status">{status}</p>
      {mineFirst(me.use()).map(({ group, examples, mine }) => (
        <details key={`${group} ${mine}`} open={mine}>
          <summary><h3>{group}</h3></summary>
          <ul>
            {examples.map((example) => (
              <li key={example.title}>
                <button type="button" className="example" onClick={() => open(example)}>{example.title}</button>
                <p>{example.about}</p>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}

// Groups of my own roles come first and are open.
function mineFirst(viewer) {
  const held = new Set(viewer?.assignments.map(({ role }) => role));
  const groups = known.examples.map((group) => ({ ...group, mine: held.has(group.role) }));
  return [...groups.filter(({ mine }) => mine), ...groups.filter(({ mine }) => !mine)];
}

function useOpening(say) {
  const { addTab, setVisiblePlugin } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  return async (example) => {
    say('Ищем значения переменных…');
    const variables = await variablesOf(example).catch((error) => error);
    const failed = variables instanceof Error;
    const missing = failed ? [] : Object.keys(variables).filter((name) => variables[name] === null);
    addTab();
    queryEditor.setValue(example.document);
    variableEditor.setValue(failed || Object.keys(variables).length === 0 ? '' : JSON.stringify(variables, null, 2));
    if (failed) say(`Значения переменных не нашлись: ${variables.message}`);
    else if (!missing.length && matchMedia(NARROW).matches) setVisiblePlugin(null); // there the panel covers the editor
    else say(missing.length ? `Для вас не нашлось: ${missing.join(', ')}. Возможно, это пример для другой роли.` : '');
  };
}
