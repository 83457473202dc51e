// The bar, and below it what fits the moment: waiting, the way in, or GraphiQL with our panels.

import { explorerPlugin } from '@graphiql/plugin-explorer';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useEffect, useState } from 'react';

import { accessPlugin } from './access.jsx';
import { Bar } from './bar.jsx';
import { loadContract } from './contract.js';
import { CopyAsCurl } from './curl.jsx';
import { drafts } from './drafts.js';
import { Editors } from './editors.jsx';
import { examplesPlugin } from './examples.jsx';
import { fetcher } from './fetcher.js';
import { Refusals } from './refusals.jsx';
import { askWho, session } from './session.js';
import { Welcome } from './welcome.jsx';

const EXAMPLES = examplesPlugin();
const PLUGINS = [EXAMPLES, accessPlugin(), explorerPlugin({ showAttribution: false }), HISTORY_PLUGIN];
const UNREACHABLE = 'Сервер не отвечает. Проверьте соединение и обновите страницу.';
const FIRST_TAB = `# Слева — примеры для вашей роли, доступ к полям, документация и проводник по полям.
# Ctrl+Enter — выполнить, Ctrl+Пробел — подсказка.
query WhoAmI {
  me {
    advice
    person { displayName }
    assignments { inWords }
  }
}
`;

export function App() {
  const viewer = session.use();
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    askWho().catch(() => setTrouble(UNREACHABLE));
  }, []);
  return (
    <>
      <Bar viewer={viewer} tell={setTrouble} />
      {trouble && <p className="trouble" role="alert">{trouble}</p>}
      <main>
        <h1 className="unseen">GraphiQL: вопросы к данным от своего имени</h1>
        {viewer?.signedIn && <Window tell={setTrouble} />}
        {viewer && !viewer.signedIn && <Welcome />}
      </main>
    </>
  );
}

function Window({ tell }) {
  const [contract, setContract] = useState(null);
  useEffect(() => {
    loadContract().then(setContract, () => tell(UNREACHABLE));
  }, [tell]);
  if (!contract) return <p className="waiting" role="status">Загружаем описание данных…</p>;
  return (
    <GraphiQL
      fetcher={fetcher}
      schema={contract}
      dangerouslyAssumeSchemaIsValid
      plugins={PLUGINS}
      visiblePlugin={EXAMPLES}
      storage={drafts}
      defaultTabs={[{ query: FIRST_TAB }]}
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
      isHeadersEditorEnabled={false}
      defaultEditorToolsVisibility="variables"
    >
      <GraphiQL.Logo><a href="/access">Кто что видит</a></GraphiQL.Logo>
      <GraphiQL.Toolbar>
        {({ prettify, merge, copy }) => <>{prettify}{merge}{copy}<CopyAsCurl /></>}
      </GraphiQL.Toolbar>
      <GraphiQL.Footer><Editors /><Refusals /></GraphiQL.Footer>
    </GraphiQL>
  );
}
