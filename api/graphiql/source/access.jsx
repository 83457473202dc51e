// The access panel: the rule of the field under the cursor, or of any field by name, and why it is refused to me.

import { useGraphiQL } from '@graphiql/react';
import { useEffect, useState } from 'react';

import { coordinateAt, coordinatesWith, fieldAt, ruleOf } from './contract.js';
import { Explanation } from './explanation.jsx';
import { known, roleWords, rolesWith, russian } from './known.js';
import { Store } from './store.js';

const OFFERED = 12;

const accessSearch = new Store('');

export const accessPlugin = () => ({ title: 'Доступ к полям', icon: Icon, content: AccessPanel });

function Icon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <path d="M6 11h12v9H6z M8.5 11V8a3.5 3.5 0 0 1 7 0v3 M12 14.5v2" />
    </svg>
  );
}

function AccessPanel() {
  const schema = useGraphiQL((state) => state.schema);
  const asked = accessSearch.use();
  const atCursor = useFieldAtCursor(schema);
  const searched = asked && schema ? coordinatesWith(schema, asked, OFFERED) : [];
  const shown = searched.length === 1 || fieldAt(schema, asked) ? (fieldAt(schema, asked) ? asked : searched[0]) : !asked && atCursor;
  return (
    <section className="panel" aria-labelledby="access-heading">
      <h2 id="access-heading">Доступ к полям</h2>
      <p>Поставьте курсор на поле в запросе или найдите поле по имени. Вся таблица: <a href="/access">кто что видит</a>.</p>
      <label htmlFor="field">Поле</label>
      <input id="field" type="search" value={asked} placeholder="Student.snils" autoComplete="off" spellCheck="false"
             onChange={(event) => accessSearch.set(event.target.value.trim())} />
      {asked && !shown && <Offered found={searched} />}
      {shown && <Rule key={shown} schema={schema} coordinate={shown} />}
      {!asked && !shown && <p className="status">Курсор не стоит на поле, или запрос ещё не закончен.</p>}
    </section>
  );
}

function Offered({ found }) {
  if (!found.length) return <p className="status" role="status">Такого поля нет.</p>;
  return (
    <ul className="offered">
      {found.map((coordinate) => (
        <li key={coordinate}>
          <button type="button" className="example" onClick={() => accessSearch.set(coordinate)}>{coordinate}</button>
        </li>
      ))}
    </ul>
  );
}

function Rule({ schema, coordinate }) {
  const field = fieldAt(schema, coordinate);
  const rule = ruleOf(field);
  return (
    <div className="rule" data-coordinate={coordinate}>
      <h3><code>{coordinate}</code></h3>
      <p>{russian(field.description.split('\n\n**')[0]) || field.description.split('\n\n**')[0]}</p>
      {rule && (
        <dl>
          <dt>Видно</dt><dd>{rule.kindWords}</dd>
          {rule.permissions.map((permission) => <Permission key={permission} title="Право" permission={permission} />)}
          {rule.masked && <Permission title="Под маской" permission={rule.masked} />}
          <dt>Класс</dt><dd>{rule.sensitivity}</dd>
        </dl>
      )}
      <Explanation coordinate={coordinate} question="А мне? Объяснить" />
    </div>
  );
}

function Permission({ title, permission }) {
  return (
    <>
      <dt>{title}</dt>
      <dd><code>{permission}</code>: {rolesWith(permission).map(roleWords).join(', ') || 'ни у одной роли'}</dd>
    </>
  );
}

function useFieldAtCursor(schema) {
  const editor = useGraphiQL((state) => state.queryEditor);
  const document = useGraphiQL((state) => state.documentAST);
  const [offset, setOffset] = useState(null);
  useEffect(() => {
    if (!editor) return undefined;
    const look = () => setOffset(editor.getModel()?.getOffsetAt(editor.getPosition()) ?? null);
    look();
    const watching = editor.onDidChangeCursorPosition(look);
    return () => watching.dispose();
  }, [editor]);
  return schema && document && offset !== null ? coordinateAt(schema, document, offset) : null;
}
