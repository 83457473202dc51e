// Drives GraphiQL and the matrix page in a real Chromium, as an administrator in a closed network would.

import { check, report, same } from './checks.mjs';
import { Visit } from './visit.mjs';
import { broken, browser, origin, shoot, sticksOut, visiting } from './visiting.mjs';
import { WindowVisit } from './window.mjs';

const ADMINISTRATOR = 'Школьнова Галина Тестовна';
const REFUSED = 'Что администратору не видно и почему';
const OURS = ['.bar', '.panel', '.refusals'];
const SECRETS = /csrf|bearer|eyJ|dev-vhod|__Host-|[0-9a-f]{64}/i;

await visiting(WindowVisit, 'administrator', async (visit) => {
  const { page } = visit;
  await visit.open();
  check('nobody yet: a way in, no editor', (await page.isVisible('#welcome')) && !(await page.isVisible('.graphiql-container')));
  await shoot(visit, 'graphiql-welcome');
  same('axe of the welcome', await broken(visit), []);
  await visit.signIn('org-admin');
  same('who', await visit.text('#viewer .name'), ADMINISTRATOR);
  same('with which role', await visit.text('#viewer .roles summary'), 'Администратор организации');
  check('own examples come first and are open', await page.locator('.panel details').first().evaluate((one) => one.open));

  const query = await visit.choose(REFUSED);
  check('the example is in the editor', query.startsWith('query RefusedFields($organisation: ID!)'));
  check('its variable was found', /^Organisation:[0-9a-f-]{36}$/.test(JSON.parse(await visit.editor('variables')).organisation));
  const { body, refused, figures } = await visit.run();
  check('answered', body.data.organisation.classGroups.length > 5);
  check(`status, time and cost (${figures})`, /^HTTP 200, \d+ мс · стоимость \d+ из \d+$/.test(figures));
  same('refused fields', body.extensions.access.denied.map(({ field }) => field), ['ClassGroup.enrolments', 'Organisation.imports']);
  check('each in words', refused.length === 2 && refused[0].startsWith('зачисления ClassGroup.enrolments, мест в ответе: '));
  check('why', refused[0].includes('Ни одна ваша роль не даёт этого права. Нужно право student:see.'));
  check('and who has it', refused[0].includes('Завуч') && refused[0].includes('Учитель'));
  await page.locator('.refusals .why').first().click();
  await page.locator('.refusals .because').waitFor();
  const because = await visit.text('.refusals .because');
  check('under which condition', because.includes('Классный руководитель (в своём классе)'));
  await shoot(visit, 'graphiql-refused');
  same("axe of our parts", await broken(visit, { include: OURS }), []);
  same('axe of GraphiQL: nothing critical', await broken(visit, 'html', ['critical']), []);

  await visit.write('query Changed($organisation: ID!) { organisation(id: $organisation) { shortName classGroups { gradeLevel } } }');
  const changed = await visit.run();
  check('changed and asked again', changed.body.data.organisation.shortName === 'Школа № 0' && changed.refused.length === 0);
  same('nothing refused now', await visit.text('.refusals h2'), 'Отказов нет');
  await visit.write('query Wrong { organisation(id: "x") { nothing } }');
  await page.getByRole('button', { name: /Execute query/ }).click();
  await page.locator('.refusals .errors li').waitFor();
  const advice = await visit.text('.refusals .errors');
  check(`an error says what to do (${advice})`, advice.includes('GRAPHQL_VALIDATION_FAILED') && advice.includes('Что делать: Исправить'));
}, { options: { viewport: { width: 1400, height: 900 } }, expected: ['400'] });

await visiting(WindowVisit, 'preview as role', async (visit) => {
  const { page } = visit;
  await visit.open();
  await visit.signIn('teacher-parent');
  await page.locator('#look-as').waitFor();
  const roles = await page.locator('#look-as option').evaluateAll((all) => all.map((one) => one.value));
  same('only roles that are held', roles, ['', 'TEACHER', 'LEGAL_REPRESENTATIVE']);
  await visit.write('query Children { me { children { displayName } } }');
  const own = await visit.run();
  await page.selectOption('#look-as', 'TEACHER');
  const asked = page.waitForRequest((one) => one.url().endsWith('/graphql') && one.postData().includes('query Children'));
  const asTeacher = await visit.run();
  same('the header goes with the query', (await asked).headers()['vhod-preview-role'], 'TEACHER');
  check('the parent sees the child, the teacher of the same name does not',
    own.body.data.me.children.length === 1 && asTeacher.body.data.me.children.length === 0);
  check('the bar says so', (await visit.text('.look-as.chosen')).startsWith('Только чтение, как'));
  await visit.write('mutation Change { endAssignment(input: { clientMutationId: "0b64d6fd-0b7a-4b2e-8bb5-6f1f6f2b9a10", assignmentId: "x" }) { userErrors { code } } }');
  await page.getByRole('button', { name: /Execute query/ }).click();
  await page.locator('.refusals .errors li').waitFor();
  check('a change is refused in words', (await visit.text('.refusals .errors')).includes('PREVIEW_READS_ONLY'));
  await shoot(visit, 'graphiql-preview');
  same('axe of our parts', await broken(visit, { include: OURS }), []);
}, { options: { viewport: { width: 1400, height: 900 } }, expected: ['403', '400'] });

await visiting(WindowVisit, 'rules of fields', async (visit) => {
  const { page } = visit;
  await visit.open();
  await visit.signIn('org-admin');
  await visit.panel('Доступ к полям');
  await visit.write('query Cards { me { children { snils { display } } } }');
  await page.locator('.graphiql-query-editor .view-lines').click();
  await page.keyboard.press('Control+Home');
  for (let column = 0; column < 33; column += 1) await page.keyboard.press('ArrowRight');
  await page.locator('.rule[data-coordinate="Student.snils"]').waitFor();
  check('rule of the field under the cursor', (await visit.text('.rule')).includes('documents:read'));
  await page.getByLabel('Поле', { exact: true }).fill('birthd');
  await page.getByRole('button', { name: 'Student.birthDate' }).click();
  const rule = await visit.text('.rule[data-coordinate="Student.birthDate"]');
  check('rule of a field by name', rule.includes('student.card:read') && rule.includes('P2, персональные данные'));
  await page.locator('.rule .why').click();
  check('and I', (await visit.text('.rule .because')).includes('Ни одна ваша роль'));
  await shoot(visit, 'graphiql-access');
  same('axe of the panel', await broken(visit, { include: ['.panel'] }), []);

  await visit.panel(/Documentation Explorer/);
  for (const name of ['Query', 'student', 'Student', 'snils']) {
    await page.locator('.graphiql-doc-explorer-content').getByText(name, { exact: true }).first().click();
  }
  await page.locator('.graphiql-plugin').getByText('Доступ:').waitFor();
  const docs = await visit.text('.graphiql-plugin');
  check('rule in the docs pane', docs.includes('documents:masked') && docs.includes('Завуч, Директор'));
  await shoot(visit, 'graphiql-docs');
  await visit.panel(/GraphiQL Explorer/);
  await page.locator('.graphiql-plugin').getByText('organisations', { exact: true }).waitFor();
  await shoot(visit, 'graphiql-explorer');
}, { options: { viewport: { width: 1400, height: 900 } } });

await visiting(WindowVisit, 'change and command line', async (visit) => {
  await visit.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await visit.open();
  await visit.signIn('org-admin');
  await visit.choose('Назначить классного руководителя');
  const { body } = await visit.run();
  same('accepted, waits for the second person', [body.data.grantAssignment.userErrors, body.data.grantAssignment.assignment.awaitsConfirmation], [[], true]);
  await visit.page.getByRole('button', { name: 'Скопировать как curl' }).click();
  await visit.page.getByRole('button', { name: 'Скопировано' }).waitFor();
  const line = await visit.page.evaluate(() => navigator.clipboard.readText());
  check('curl names a variable only', line.includes('-H "Authorization: Bearer $TOKEN"') && line.includes('GrantHomeroomTeacher'));
  check('and no secret', !/cookie|csrf|eyJ/i.test(line) && line.startsWith(`curl -s ${origin}/graphql`));
});

await visiting(WindowVisit, 'what stays in the browser', async (visit) => {
  const { page } = visit;
  await visit.open();
  await visit.signIn('teacher');
  await visit.choose('Страница журнала');
  await visit.run();
  // GraphiQL keeps a draft half a second after its last change.
  await page.waitForFunction(() => Object.values(sessionStorage).some((text) => text.includes('Journal:')));
  await page.reload();
  await visit.ready();
  check('a reload keeps the query', (await visit.editor('query')).includes('query JournalPage'));
  check('and its variables', (await visit.editor('variables')).includes('Journal:'));
  const { local, tab } = await visit.kept();
  check(`nothing for good, no secret, no answer (${local})`, local === 0 && !SECRETS.test(tab) && !tab.includes('Оценка'));
  check('a script cannot read the cookie', !(await page.evaluate(() => document.cookie)).includes('vhod'));
  check('no token on the page', !(await page.content()).includes('eyJ'));

  await page.context().clearCookies();
  await page.getByRole('button', { name: /Execute query/ }).click();
  await page.getByText('Сеанс закончился').waitFor();
  check('the session ended: the query is still there', (await visit.editor('query')).includes('query JournalPage'));
  await shoot(visit, 'graphiql-ended');
  await visit.signIn('legal-representative');
  check('somebody else does not see it', !(await visit.editor('query')).includes('query JournalPage'));
  await visit.choose('Дневник детей');
  const { body, refused } = await visit.run();
  check('and sees the own children', body.data.me.children.length > 0 && refused.length === 0);

  await visit.signOut();
  same('nothing is left', await visit.kept(), { local: 0, tab: '[]' });
  await visit.open();
  check('signed out', await page.isVisible('#welcome'));
  same('still nothing', await visit.kept(), { local: 0, tab: '[]' });
}, { expected: ['401'] });

for (const transport of ['socket', 'events']) {
  await visiting(WindowVisit, `subscription by ${transport}`, async (visit) => {
    const { page } = visit;
    const streams = [];
    page.on('request', (request) => request.headers().accept === 'text/event-stream' && streams.push(request.url()));
    // A proxy that knows no sockets: the handshake gets no answer of ours.
    if (transport === 'events') await page.routeWebSocket('**/graphql', (socket) => socket.close({ code: 1006 }));
    await visit.open();
    await visit.signIn('teacher');
    await visit.choose('Следить за страницей журнала');
    await page.getByRole('button', { name: /Execute query/ }).click();
    await visit.shown('"journalChanged"');
    check(`${transport}: the first answer`, JSON.parse(await visit.editor('response')).data.journalChanged.changes.length === 0);
    const changes = await visit.changeMark();
    check(`${transport}: a mark is changed meanwhile`, changes.userErrors.length === 0);
    await visit.shown('"MARK"');
    const { journalChanged } = JSON.parse(await visit.editor('response')).data;
    check(`${transport}: and told`, journalChanged.changes.some(({ object }) => object?.value === changes.mark.value));
    same(`${transport}: over what`, streams.length, transport === 'events' ? 1 : 0);
    await page.getByRole('button', { name: /Stop query/ }).click();
    await page.getByRole('button', { name: /Execute query/ }).waitFor();
  }, { expected: transport === 'events' ? ['WebSocket'] : [] });
}

await visiting(WindowVisit, 'keyboard', async (visit) => {
  const { page } = visit;
  await visit.open();
  check('to sign-in', await visit.tabTo('#sign-in'));
  await visit.signIn('deputy-head');
  check('to an example', await visit.tabTo('.example'));
  await page.keyboard.press('Enter');
  await page.getByRole('tab').nth(1).waitFor();
  await page.locator('.graphiql-query-editor .view-lines').click();
  await page.keyboard.press('Control+Enter');
  check('asked by the keyboard', (await visit.answer()).body.data.organisation.assignments.nodes.length > 0);
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1400]) {
    const options = { colorScheme, viewport: { width, height: 860 } };
    await visiting(WindowVisit, `graphiql ${width} ${colorScheme}`, async (visit) => {
      await visit.open();
      await visit.signIn('teacher');
      await shoot(visit, `graphiql-${width}-${colorScheme}-examples`);
      await visit.choose('Страница журнала');
      await visit.run();
      await shoot(visit, `graphiql-${width}-${colorScheme}`);
      same(`${width} ${colorScheme}: nothing sticks out`, await sticksOut(visit), 0);
      same(`${width} ${colorScheme}: axe of our parts`, await broken(visit, { include: ['.bar', '.refusals'] }), []);
    }, { options });
    await visiting(Visit, `matrix ${width} ${colorScheme}`, async (visit) => {
      await visit.page.goto(`${origin}/access`);
      await shoot(visit, `matrix-${width}-${colorScheme}`);
      same(`matrix ${width} ${colorScheme}: axe`, await broken(visit), []);
      same(`matrix ${width} ${colorScheme}: nothing sticks out`, await sticksOut(visit), 0);
    }, { options });
  }
}

await visiting(WindowVisit, 'matrix after sign-in', async (visit) => {
  const { page } = visit;
  await visit.open();
  await visit.signIn('org-admin');
  await page.goto(`${origin}/access`);
  await page.getByLabel('Роль', { exact: false }).first().selectOption({ label: 'Завуч' });
  await page.getByLabel('Поле, слово или право').fill('снилс');
  await page.getByRole('button', { name: 'Показать' }).click();
  await page.locator('#fields').waitFor();
  check('found by a Russian word', (await visit.text('.matrix')).includes('под маской: своя организация'));
  await shoot(visit, 'matrix-found');
  await page.goto(`${origin}/access?type=Student`);
  await page.locator('#fields').waitFor();
  await shoot(visit, 'matrix-type');
  same('axe', await broken(visit), []);
}, { options: { viewport: { width: 1400, height: 900 } } });

await browser.close();
report();
