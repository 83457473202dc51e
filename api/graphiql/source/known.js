// What the server knows and the page cannot guess: words for codes, who has which permission, the examples.

export const known = JSON.parse(document.getElementById('known').textContent);

export const roleWords = (role) => known.roles[role] ?? role;
export const reasonWords = (reason) => known.reasons[reason] ?? reason;
export const rolesWith = (permission) => known.permissions[permission] ?? [];

export const errorWords = (code) => known.errors[code] ?? null;

// Descriptions are English with the Russian term in brackets: that term, or '' where there is none.
export function russian(description) {
  const found = [...(description ?? '').matchAll(/\(([^()]*[а-яё][^()]*)\)/gi)];
  return found.length ? found[found.length - 1][1] : '';
}
