// Drives the front page in a real Chromium as a stranger would.

import { check, report, same } from './checks.mjs';
import { Visit } from './visit.mjs';
import { broken, browser, origin, shoot, sticksOut, visiting as visitingAs } from './visiting.mjs';

const TEACHER = 'Примерова Вера Тестовна';
const PARENT = 'Родителев Иван Тестович';
const PAGE = 'Страница журнала';

const visiting = (name, story, more) => visitingAs(Visit, name, story, more);

await visiting('anonymous', async (visit) => {
  await visit.open();
  same('who', await visit.text('#viewer .name'), 'Вы не вошли');
  check('sign-in is offered, sign-out is not', await visit.page.isVisible('#sign-in') && !(await visit.page.isVisible('#sign-out')));
  await visit.choose('Реестр: замечания к организациям');
  const { body, status, refused } = await visit.run();
  check('public data', body.data.organisations.nodes.length === 40);
  check('status and time', /^HTTP 200, \d+ мс, отказано в полях: 1\.$/.test(status));
  check('refusal in words', refused.length === 1 && refused[0].includes('Ни одна ваша роль') && refused[0].includes('Завуч'));
  await visit.page.click('summary');
  const curl = await visit.text('#curl');
  check('curl without a token', curl.startsWith(`curl -s ${origin}/graphql`) && !curl.includes('Authorization'));
});

await visiting('two people, one query', async (visit) => {
  await visit.open();
  await visit.choose(PAGE);
  await visit.signIn('teacher');
  same('teacher', await visit.text('#viewer .name'), TEACHER);
  same('nothing stored, no code in the address', await visit.stored(), [0, 0, `${origin}/`]);
  const teacher = await visit.run();
  await visit.page.click('summary');
  check('curl names a variable only', (await visit.text('#curl')).includes('-H "Authorization: Bearer $TOKEN"'));
  check('no token anywhere on the page', !(await visit.page.content()).includes('eyJ'));
  await visit.signOut();
  same('signed out', await visit.text('#viewer .name'), 'Вы не вошли');
  await visit.signIn('legal-representative');
  same('parent', await visit.text('#viewer .name'), PARENT);
  const query = await visit.page.inputValue('#document');
  const parent = await visit.run();
  check('the same query, kept over signing out and in', query.includes('query JournalPage'));
  const [whole, own] = [teacher.body.data.journal, parent.body.data.journal];
  same('the same page', [whole.className, whole.lessons.length], [own.className, own.lessons.length]);
  check(`the teacher sees the class (${whole.lines.length} lines)`, whole.lines.length > 20);
  same('the parent sees their child', own.lines.map((line) => line.studentName), ['Ученикова Мария']);
  check('the teacher is told what is refused', teacher.refused.some((row) => row.includes('AttendanceRecord.note')));
  same('the parent is refused nothing', parent.refused, []);
});

await visiting('keyboard alone', async (visit) => {
  const press = (key) => visit.page.keyboard.press(key);
  await visit.open();
  await press('Tab');
  check('the first stop skips to the content', await visit.page.evaluate(() => document.activeElement.className === 'skip'));
  check('to sign-in', await visit.tabTo('#sign-in'));
  await press('Enter');
  await visit.page.getByText('Войти через Госуслуги').waitFor();
  check('to the way in', await visit.tabTo('a.button'));
  await press('Enter');
  await visit.page.locator('button.person').first().waitFor();
  check('to the person', await visit.tabTo('button[value="teacher"]'));
  await press('Enter');
  await visit.page.waitForURL(`${origin}/`);
  await visit.known();
  check('to an example', await visit.tabTo('.example:nth-child(1)[value*="JournalPage {"]'));
  await press('Space');
  same('it is marked', await visit.page.locator('.example[aria-pressed=true]').innerText(), PAGE);
  check('to the editor', await visit.tabTo('#document'));
  await press('Control+Enter');
  check('answered', (await visit.answer()).body.data.journal.className === '7А');
  check('out of the editor again, to the button', await visit.tabTo('#run'));
  check('to the answer, which scrolls', await visit.tabTo('#answer'));
  check('to the refusals', await visit.tabTo('.scrolled'));
  check('around to sign-out', await visit.tabTo('#sign-out'));
  await press('Enter');
  await visit.page.locator('#sign-in').waitFor();
});

await visiting('refused sign-in', async (visit) => {
  await visit.open();
  await visit.page.click('#sign-in');
  await visit.page.click('text=Отменить и вернуться в приложение');
  await visit.page.locator('#trouble').getByText('Вход отменён').waitFor();
  same('nobody, and nothing is left', await visit.stored(), [0, 0, `${origin}/`]);
  for (const begun of [false, true]) {
    for (const forged of ['', `?code=x&state=y&iss=${origin}/oidc`, `?error=<b>x</b>&state=y&iss=${origin}/oidc`]) {
      if (begun) await visit.page.click('#sign-in');
      if (begun) await visit.page.getByText('Войти через Госуслуги').waitFor();
      await visit.open(`/callback${forged}`);
      check(`an answer to no question of ours ${forged}`, (await visit.text('#trouble')).includes('начат не здесь'));
      same('and nothing is left of it', await visit.stored(), [0, 0, `${origin}/`]);
    }
  }
});

await visiting('answer of another issuer', async (visit) => {
  await visit.open();
  await visit.page.route('**/oidc/login/gosuslugi', async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    const location = new URL(response.headers().location);
    location.searchParams.set('iss', 'https://other.example');
    await route.fulfill({ response, headers: { ...response.headers(), location: location.href } });
  });
  await visit.page.click('#sign-in');
  await visit.page.click('text=Войти через Госуслуги');
  await visit.page.click('button[value="teacher"]');
  await visit.page.locator('#trouble').getByText('начат не здесь').waitFor();
  await visit.known();
  same('nobody', await visit.text('#viewer .name'), 'Вы не вошли');
});

await visiting('token of another sign-in', async (visit) => {
  await visit.open();
  await visit.page.route('**/oidc/token', async (route) => {
    const response = await route.fetch();
    const tokens = await response.json();
    const [head, payload, signature] = tokens.id_token.split('.');
    const claims = { ...JSON.parse(Buffer.from(payload, 'base64url')), nonce: 'other' };
    const changed = Buffer.from(JSON.stringify(claims)).toString('base64url');
    await route.fulfill({ response, json: { ...tokens, id_token: [head, changed, signature].join('.') } });
  });
  await visit.signIn('teacher');
  check('the nonce is looked at', (await visit.text('#trouble')).includes('чужой ответ'));
  same('nobody', await visit.text('#viewer .name'), 'Вы не вошли');
});

await visiting('long session', async (visit) => {
  await visit.page.clock.install();
  await visit.open();
  await visit.signIn('teacher');
  const renewals = [];
  visit.page.on('request', (request) => request.postData()?.includes('grant_type=refresh_token') && renewals.push(request.postData()));
  for (const expected of [1, 2]) {
    await visit.page.clock.fastForward('09:30');
    await visit.run();
    same('renewed before it expires', renewals.length, expected);
  }
  check('each refresh token is used once', renewals[0] !== renewals[1]);
  await visit.page.route('**/oidc/token', (route) => route.fulfill({ status: 400, json: { error: 'invalid_grant' } }));
  await visit.page.clock.fastForward('09:30');
  await visit.page.click('#run');
  await visit.page.locator('#trouble').getByText('Сеанс закончился').waitFor();
  await visit.page.locator('#sign-in').waitFor();
  same('nobody', await visit.text('#viewer .name'), 'Вы не вошли');
}, { expected: ['400'] });

await visiting('server that is away', async (visit) => {
  await visit.open();
  await visit.page.route('**/graphql', (route) => route.abort());
  await visit.page.click('#run');
  await visit.page.locator('#trouble').getByText('Сервер не отвечает').waitFor();
  same('status', await visit.text('#status'), 'Ответа нет.');
}, { expected: ['ERR_FAILED', 'Failed to fetch'] });

const other = await Visit.begin(browser, origin.replace('127.0.0.1', 'localhost'));
await other.open();
check('another name of this machine: where to sign in', (await other.text('#trouble')).includes(origin) && !(await other.page.isVisible('#sign-in')));
same('but public data is there, and nothing went wrong', [other.troubles, other.foreign], [[], []]);
await other.end();

for (const colorScheme of ['light', 'dark']) {
  for (const width of [360, 1100]) {
    const options = { colorScheme, viewport: { width, height: 800 } };
    await visiting(`${width} px, ${colorScheme}`, async (visit) => {
      const judge = async (name) => {
        await shoot(visit, `${name}-${width}-${colorScheme}`);
        same(`${name} ${width} ${colorScheme}: nothing sticks out`, await sticksOut(visit), 0);
        same(`${name} ${width} ${colorScheme}: axe`, await broken(visit), []);
      };
      await visit.open();
      await judge('anonymous');
      await visit.signIn('teacher');
      await visit.choose('Поля, в которых отказано');
      await visit.run();
      await visit.page.click('summary');
      await judge('refused');
      await visit.choose(PAGE);
      await visit.run();
      await judge('teacher');
    }, { options });
  }
}

await browser.close();
report();
