// Why a field is open or refused to me: the server's own words, asked for only when somebody wants to know.

import { useState } from 'react';

import { data } from './asking.js';

const EXPLAIN = 'query Explain($path: String!) { access(path: $path) { because } }';

export function Explanation({ coordinate, question }) {
  const [told, setTold] = useState(null);
  const ask = () => data(EXPLAIN, { path: coordinate }).then(
    ({ access }) => setTold(access?.because ?? 'Сервер не знает такого поля.'),
    (error) => setTold(error.message),
  );
  if (!told) return <button type="button" className="why" onClick={ask}>{question}</button>;
  return <p className="because" role="status">{told}</p>;
}
