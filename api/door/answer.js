// How an answer looks: JSON that is short where it can be, refusals in words, the same request for a command line.

const WIDTH = 108;

// JSON with what fits on one line on one line.
export function pretty(value, indent = '') {
  const line = flat(value);
  if (value === null || typeof value !== 'object' || indent.length + line.length <= WIDTH) return line;
  const deeper = `${indent}  `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const items = Array.isArray(value)
    ? value.map((item) => pretty(item, deeper))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${pretty(item, deeper)}`);
  return `${open}\n${items.map((item) => deeper + item).join(',\n')}\n${indent}${close}`;
}

function flat(value) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flat).join(', ')}]`;
  const items = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${flat(item)}`);
  return items.length ? `{ ${items.join(', ')} }` : '{}';
}

// Table rows for extensions.access.denied; `words` turn codes of reasons and roles into Russian.
export function refusalRows(denied, words) {
  return denied.map(({ field, permission, reason, anyOf, count }) => {
    const roles = anyOf.map((role) => words.roles[role] ?? role).join(', ');
    const why = words.reasons[reason] ?? reason;
    return element('tr', {}, [
      element('th', { scope: 'row' }, [element('code', {}, [field]), ` (мест:\u00a0${count})`]),
      element('td', {}, [element('code', {}, [permission])]),
      element('td', {}, [why]),
      element('td', {}, [roles || '—']),
    ]);
  });
}

// A line for a POSIX shell. The token is never in it.
export function curl(endpoint, query, signedIn) {
  const body = JSON.stringify({ query }).replaceAll("'", "'\\''");
  const lines = [
    `curl -s ${endpoint}`,
    "-H 'Content-Type: application/json'",
    "-H 'Accept-Language: ru'",
    ...(signedIn ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    `--data-binary '${body}'`,
  ];
  return lines.join(' \\\n  ');
}

export function element(name, properties, children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
