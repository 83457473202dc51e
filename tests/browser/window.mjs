// A visit to GraphiQL: sign-in by session, examples, the editor, what it says of refusals.

import { Visit } from './visit.mjs';

const ALL = process.platform === 'darwin' ? 'Meta+A' : 'Control+A';

export class WindowVisit extends Visit {
  async open() {
    await this.page.goto(`${this.origin}/graphiql`);
    await this.page.locator('#welcome, #viewer .name').first().waitFor();
  }

  async signIn(person) {
    await this.page.click('#sign-in');
    await this.page.locator('text=Войти через Госуслуги').click();
    await this.page.click(`button[value="${person}"]`);
    const allowing = this.page.locator('button[value="allow"]');
    await allowing.or(this.page.locator('#viewer .name')).first().waitFor();
    if (await allowing.count()) await allowing.click();
    await this.ready();
  }

  async ready() {
    await this.page.waitForURL(`${this.origin}/graphiql`);
    await this.page.locator('#viewer .name').waitFor();
    await this.page.locator('.graphiql-query-editor .view-line').first().waitFor();
  }

  async signOut() {
    await this.page.click('#sign-out');
    await this.page.waitForURL(`${this.origin}/`); // where the provider sends people after its own sign-out
  }

  // Opens an example and waits until its query is in the editor.
  async choose(example) {
    const tabs = await this.page.getByRole('tab').count();
    await this.page.getByRole('button', { name: example, exact: true }).click();
    await this.page.getByRole('tab').nth(tabs).waitFor();
    return this.editor('query');
  }

  async panel(title) {
    await this.page.locator('.graphiql-sidebar').getByRole('button', { name: title }).click();
  }

  async run() {
    await this.page.getByRole('button', { name: /Execute query/ }).click();
    return this.answer();
  }

  async answer() {
    await this.page.locator('.refusals .figures').getByText('HTTP').waitFor();
    return {
      figures: await this.text('.refusals .figures'),
      refused: await this.page.locator('.refusals li').allInnerTexts(),
      body: JSON.parse(await this.editor('response')),
    };
  }

  // Text of an editor: query, variables or response.
  editor(name) {
    return this.page.evaluate((wanted) => globalThis.__MONACO.editor.getModels().find((model) => model.uri.path.includes(wanted)).getValue(), {
      query: 'operation.graphql',
      variables: 'variables.json',
      response: 'response.json',
    }[name]);
  }

  async write(query) {
    await this.page.locator('.graphiql-query-editor .view-lines').click();
    await this.page.keyboard.press(ALL);
    await this.page.keyboard.insertText(query);
  }

  // Waits until the answer has this text in it.
  async shown(text) {
    await this.page.waitForFunction((wanted) => {
      const models = globalThis.__MONACO.editor.getModels();
      return models.some((model) => model.uri.path.includes('response.json') && model.getValue().includes(wanted));
    }, text);
  }

  // What a colleague of this person does elsewhere: an open lesson's first mark becomes another one.
  changeMark() {
    return this.page.evaluate(async () => {
      const { csrf } = await (await fetch('/session')).json();
      const ask = async (query, variables) => {
        const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf };
        return (await (await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json()).data;
      };
      const found = await ask(`{ journals(last: 1) { nodes { lessons {
        id viewerCan { writeMarks { allowed } } marks { value version line { id } slot { id } } } } } }`);
      const lesson = found.journals.nodes[0].lessons.find(({ viewerCan, marks }) => viewerCan.writeMarks.allowed && marks.length);
      const { value, version, line, slot } = lesson.marks[0];
      const input = { clientMutationId: crypto.randomUUID(), lessonId: lesson.id, lineId: line.id, slotId: slot.id, version, value: value === 5 ? 4 : 5, reason: 'Проверка' };
      const done = await ask('mutation ($input: WriteMarkInput!) { writeMark(input: $input) { mark { value } userErrors { code message } } }', { input });
      return done.writeMark;
    });
  }

  // Everything that the browser keeps, as one text.
  kept() {
    return this.page.evaluate(() => ({ local: localStorage.length, tab: JSON.stringify(Object.entries(sessionStorage)) }));
  }
}
