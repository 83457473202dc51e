// Why a field is refused to me: the server's own words, asked for only when somebody wants to know.

import { useState } from 'react';

import { data } from './asking.js';

const EXPLAIN = 'query Explain($path: String!) { access(path: $path) { condition because } }';

export function Explanation({ coordinate }) {
  const [told, setTold] = useState(null);
  const ask = () => data(EXPLAIN, { path: coordinate }).then((found) => setTold(found.access), (error) => setTold({ because: error.message }));
  if (!told) return <button type="button" className="why" onClick={ask}>Почему мне так?</button>;
  return <div className="because" role="status"><p>{told.condition}</p><p>{told.because}</p></div>;
}
