// Who is signed in, with which roles, and the way in and out.

import { useEffect } from 'react';

import { data } from './asking.js';
import { known, roleWords } from './known.js';
import { preview, rolesToLookAs } from './preview.js';
import { me, signInAddress, signOut } from './session.js';

const ME = '{ me { advice person { displayName } assignments { role reach inWords } } }';

export function Bar({ viewer, tell }) {
  const signedIn = Boolean(viewer?.signedIn);
  useEffect(() => {
    if (signedIn) data(ME).then((found) => me.set(found.me), () => me.set(null));
  }, [signedIn, viewer?.csrf]);
  useEffect(() => preview.set(''), [signedIn, viewer?.csrf]); // it was chosen by whoever was here before
  const leave = () => signOut().catch(() => tell('Выйти не удалось: сервер не отвечает. Закройте окно браузера.'));
  return (
    <header className="bar">
      <p className="brand"><a href="/">Вход</a> <span>GraphiQL</span></p>
      {known.standIn && <p className="stand-in">Учебный стенд: все люди выдуманы</p>}
      <div className="viewer" id="viewer" aria-live="polite">{signedIn && <Viewer viewer={viewer} />}</div>
      {viewer?.ended && <p className="ended" role="alert">Сеанс закончился. Войдите снова: запросы останутся на месте.</p>}
      {viewer && (!signedIn || viewer.ended) && <a className="button" id="sign-in" href={signInAddress}>Войти</a>}
      {signedIn && !viewer.ended && <button type="button" className="button second" id="sign-out" onClick={leave}>Выйти</button>}
    </header>
  );
}

function Viewer({ viewer }) {
  const known = me.use();
  const roles = known?.assignments.map((assignment) => assignment.inWords) ?? [];
  return (
    <>
      <span className="name">{known?.person?.displayName ?? viewer.name}</span>
      {roles.length > 0 && (
        <details className="roles">
          <summary>{roles.length === 1 ? short(roles[0]) : `ролей: ${roles.length}`}</summary>
          <ul>{roles.map((role) => <li key={role}>{role}</li>)}</ul>
        </details>
      )}
      {known && <LookAs assignments={known.assignments} />}
      {known && roles.length === 0 && <span className="advice">{known.advice}</span>}
    </>
  );
}

function LookAs({ assignments }) {
  const role = preview.use();
  const roles = rolesToLookAs(assignments);
  if (roles.length === 0) return null;
  return (
    <label className={role ? 'look-as chosen' : 'look-as'}>
      {role ? 'Только чтение, как ' : 'Смотреть как '}
      <select id="look-as" value={role} onChange={(event) => preview.set(event.target.value)}>
        <option value="">я сам(а)</option>
        {roles.map((one) => <option key={one} value={one}>{roleWords(one)}</option>)}
      </select>
    </label>
  );
}

// `Учитель: 7А · Алгебра; Школа № 0; с 01.09.2026`: what stands before the first colon.
function short(role) {
  return role.split(':')[0];
}
