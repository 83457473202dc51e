// Under the answer: its status and cost, and in plain words what was refused, why, and who has it.

import { useGraphiQL } from '@graphiql/react';

import { lastAnswer } from './answers.js';
import { fieldAt } from './contract.js';
import { Explanation } from './explanation.jsx';
import { errorWords, reasonWords, roleWords, russian } from './known.js';
import { freshAddress } from './session.js';

export function Refusals() {
  const answer = lastAnswer.use();
  if (!answer) return null;
  const { denied, errors } = answer;
  return (
    <section className="refusals" aria-labelledby="refusals-heading">
      <h2 id="refusals-heading">{heading(answer)}</h2>
      <p className="figures" role="status">{figures(answer)}</p>
      {errors.length > 0 && <ul className="errors" aria-label="Ошибки">{codesOf(errors).map((code) => <Advice key={code} code={code} />)}</ul>}
      {denied.length > 0 && (
        <ul className="denied" tabIndex="0" aria-labelledby="refusals-heading">
          {denied.map((refusal) => <Refusal key={`${refusal.field} ${refusal.permission}`} refusal={refusal} />)}
        </ul>
      )}
    </section>
  );
}

function Refusal({ refusal: { field, permission, reason, anyOf, count } }) {
  const schema = useGraphiQL((state) => state.schema);
  const name = russian(fieldAt(schema, field)?.description?.split('\n\n**')[0]);
  return (
    <li data-field={field}>
      <p className="what"><strong>{name || field}</strong> <code>{field}</code>, мест в ответе: {count}</p>
      <p>{reasonWords(reason)} Нужно право <code>{permission}</code>.</p>
      <p>{anyOf.length ? `Оно есть у ролей: ${anyOf.map(roleWords).join(', ')}.` : 'Его нет ни у одной роли.'}</p>
      <Explanation coordinate={field} question="Кому и при каком условии видно" />
    </li>
  );
}

function Advice({ code }) {
  const known = errorWords(code);
  return (
    <li>
      <p className="what"><strong>{known?.when ?? 'Ошибка без описания.'}</strong> <a href={`/errors#${code}`} target="_blank" rel="noreferrer"><code>{code}</code></a></p>
      {known && <p>Что делать: {known.then}</p>}
      {code === 'FRESH_SIGN_IN_REQUIRED' && <p><a className="button" id="sign-in-afresh" href={freshAddress}>Войти заново</a></p>}
    </li>
  );
}

const codesOf = (errors) => [...new Set(errors.map(({ extensions }) => extensions?.code ?? 'без кода'))];

function heading({ denied, errors }) {
  if (denied.length) return `Отказано в полях: ${denied.length}`;
  return errors.length ? 'Ответ с ошибкой' : 'Отказов нет';
}

function figures({ status, ms, cost, errors }) {
  const said = [];
  if (status !== null) said.push(`HTTP ${status}, ${ms} мс`);
  if (cost) said.push(`стоимость ${cost.requested} из ${cost.maximum}`);
  if (errors.length) said.push(`ошибок: ${errors.length}`);
  return said.join(' · ');
}
