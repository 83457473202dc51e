// The front page: who you are, an example, its answer. What the server knows stands in the page (data-known).

import { curl, element, pretty, refusalRows } from '/door/answer.js';
import { Session, SignInError } from '/door/session.js';

const DRAFT = 'vhod.draft'; // sessionStorage, from leaving the page until coming back: the same query as another person
const ME = '{ me { standing advice person { displayName } assignments { inWords } children { displayName } } }';
const WORDS = {
  access_denied: 'Вход отменён. Можно попробовать ещё раз.',
  foreign_answer: 'Этот вход начат не здесь или уже закончен. Нажмите «Войти» ещё раз.',
  wrong_token: 'Сервер входа прислал чужой ответ. Нажмите «Войти» ещё раз.',
  session_ended: 'Сеанс закончился. Войдите снова.',
  invalid_grant: 'Вход занял слишком много времени. Нажмите «Войти» ещё раз.',
  temporarily_unavailable: 'Сервер входа сейчас занят. Попробуйте через минуту.',
  server_error: 'На сервере входа что-то сломалось. Попробуйте через минуту.',
};
const UNREACHABLE = 'Сервер не отвечает. Проверьте, что он запущен, и повторите.';

const known = JSON.parse(document.body.dataset.known);
const session = known.issuer === null ? null : new Session(known);
const at = (id) => document.getElementById(id);
let asked = 0;

async function start() {
  connect();
  restoreDraft();
  await attempt(finishSignIn);
  await attempt(showViewer);
}

function connect() {
  at('examples').addEventListener('click', ({ target }) => target.matches('button') && choose(target));
  at('question').addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(run);
  });
  at('document').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) at('question').requestSubmit();
  });
  at('document').addEventListener('input', markExample);
  at('copy').addEventListener('click', () => attempt(copyCommand));
  at('sign-in')?.addEventListener('click', () => attempt(signIn));
  at('sign-out')?.addEventListener('click', () => attempt(signOut));
}

// What goes wrong is told on the page; a session that ended also changes who one is.
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    const ours = error instanceof SignInError;
    if (!ours) console.error(error);
    tell(ours ? (WORDS[error.code] ?? `Вход не выполнен (${error.code}).`) : UNREACHABLE);
    if (error.code === 'session_ended') await attempt(showViewer);
  }
}

function tell(trouble) {
  at('trouble').hidden = !trouble;
  at('trouble').replaceChildren(trouble);
}

function restoreDraft() {
  const draft = sessionStorage.getItem(DRAFT);
  sessionStorage.removeItem(DRAFT);
  if (draft === null) choose(at('examples').querySelector('button'));
  else at('document').value = draft;
  markExample();
}

function choose(button) {
  at('document').value = button.value;
  markExample();
}

function markExample() {
  at('about').textContent = '';
  for (const button of at('examples').querySelectorAll('button')) {
    const chosen = button.value === at('document').value;
    button.setAttribute('aria-pressed', chosen);
    if (chosen) at('about').textContent = button.dataset.about;
  }
}

async function finishSignIn() {
  if (location.pathname !== '/callback') return;
  const answer = new URLSearchParams(location.search);
  history.replaceState(null, '', '/'); // a code does not belong into the history
  if (session) await session.finish(answer);
}

async function signIn() {
  sessionStorage.setItem(DRAFT, at('document').value);
  await session.begin();
}

async function signOut() {
  sessionStorage.setItem(DRAFT, at('document').value);
  clearAnswer(); // nor does somebody's answer: the browser's Back shows the page as it was left
  at('viewer').replaceChildren();
  await session.end();
}

async function showViewer() {
  const { body } = await ask(ME);
  at('viewer').replaceChildren(...(body.data ? viewerLines(body.data.me) : [element('p', {}, ['Не удалось узнать.'])]));
  if (!session) return;
  if (location.origin !== known.origin) return tellHome();
  at('sign-in').hidden = session.open;
  at('sign-out').hidden = !session.open;
}

function viewerLines({ standing, advice, person, assignments, children }) {
  const nobody = standing === 'ANONYMOUS' ? 'Вы не вошли' : 'Вас здесь пока не знают';
  const list = (items) => element('ul', {}, items.map((item) => element('li', {}, [item])));
  const names = children.map((child) => child.displayName);
  return [
    element('p', { className: 'name' }, [person?.displayName ?? nobody]),
    element('p', { className: 'note' }, [advice]),
    ...(assignments.length ? [list(assignments.map((assignment) => assignment.inWords))] : []),
    ...(names.length ? [element('p', {}, [`Дети: ${names.join(', ')}`])] : []),
  ];
}

// The provider sends people back to one address only: under another name of this machine nobody can sign in.
function tellHome() {
  tell(element('span', {}, ['Войти можно только по адресу ', element('a', { href: known.origin }, [known.origin])]));
}

async function ask(query) {
  const token = await session?.bearer();
  const headers = { 'Content-Type': 'application/json', 'Accept-Language': 'ru' };
  if (token) headers.Authorization = `Bearer ${token}`;
  const started = performance.now();
  const response = await fetch('/graphql', { method: 'POST', body: JSON.stringify({ query }), headers, credentials: 'omit' });
  const text = await response.text();
  const ms = Math.round(performance.now() - started);
  if (response.status === 401 && token) {
    session.forget();
    throw new SignInError('session_ended');
  }
  return { status: response.status, ms, body: parsed(text) };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { text }; // a proxy's page, perhaps
  }
}

async function run() {
  const [mine, query] = [(asked += 1), at('document').value];
  tell('');
  at('status').textContent = 'Спрашиваем…';
  clearAnswer();
  const answer = await ask(query).catch((error) => {
    at('status').textContent = 'Ответа нет.';
    throw error;
  });
  if (mine === asked) showAnswer(answer, query);
}

function showAnswer({ status, ms, body }, query) {
  const denied = body.extensions?.access?.denied ?? [];
  const refused = denied.length ? `отказано в полях: ${denied.length}` : 'отказов нет';
  at('status').textContent = `HTTP ${status}, ${ms} мс, ${body.errors ? `ошибок: ${body.errors.length}` : refused}.`;
  at('answer').textContent = pretty(body);
  at('answer').hidden = false;
  at('refused').replaceChildren(...refusalRows(denied, known));
  at('refusals').hidden = denied.length === 0;
  at('curl').textContent = curl(`${known.origin}/graphql`, query, session?.open);
  at('copy').textContent = 'Скопировать';
  at('command').hidden = false;
}

function clearAnswer() {
  for (const id of ['answer', 'refusals', 'command']) at(id).hidden = true;
  at('answer').textContent = '';
  at('refused').replaceChildren();
}

async function copyCommand() {
  const copying = navigator.clipboard.writeText(at('curl').textContent);
  at('copy').textContent = await copying.then(() => 'Скопировано', () => 'Не вышло: выделите строку сами');
}

await start();
