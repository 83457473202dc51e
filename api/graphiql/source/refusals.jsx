// Under the answer: its status and cost, and in plain words what was refused, why, and who has it.

import { useGraphiQL } from '@graphiql/react';

import { lastAnswer } from './answers.js';
import { fieldAt } from './contract.js';
import { Explanation } from './explanation.jsx';
import { reasonWords, roleWords, russian } from './known.js';

export function Refusals() {
  const answer = lastAnswer.use();
  if (!answer) return null;
  const { denied } = answer;
  return (
    <section className="refusals" aria-labelledby="refusals-heading">
      <h2 id="refusals-heading">{denied.length ? `Отказано в полях: ${denied.length}` : 'Отказов нет'}</h2>
      <p className="figures" role="status">{figures(answer)}</p>
      {denied.length > 0 && (
        <ul tabIndex="0" aria-labelledby="refusals-heading">
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

function figures({ status, ms, cost, errors }) {
  const said = [];
  if (status !== null) said.push(`HTTP ${status}, ${ms} мс`);
  if (cost) said.push(`стоимость ${cost.requested} из ${cost.maximum}`);
  if (errors.length) said.push(`ошибок: ${errors.length}`);
  return said.join(' · ');
}
