// A person's visit in a browser context of its own: what they do on our pages, and everything that goes wrong there.

const PATIENCE_MS = 10_000;

export class Visit {
  troubles = []; // console errors and warnings, exceptions, CSP violations
  foreign = []; // requests to anywhere but our own origin

  static async begin(browser, origin, options = {}) {
    const context = await browser.newContext({ locale: 'ru-RU', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const visit = new this(page, origin);
    await visit.#watch();
    return visit;
  }

  constructor(page, origin) {
    this.page = page;
    this.origin = origin;
  }

  async #watch() {
    await this.page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`));
    });
    this.page.on('console', (said) => ['error', 'warning'].includes(said.type()) && this.troubles.push(`${said.text()} ${said.location().url}`));
    this.page.on('pageerror', (error) => this.troubles.push(error.message));
    this.page.on('request', (request) => request.url().startsWith(`${this.origin}/`) || this.foreign.push(request.url()));
  }

  async open(path = '/') {
    await this.page.goto(this.origin + path);
    await this.known();
  }

  // Waits until the page has learned who one is.
  async known() {
    await this.page.locator('#viewer .name').waitFor();
  }

  async signIn(person) {
    await this.page.click('#sign-in');
    await this.page.click('text=Войти через Госуслуги');
    await this.page.click(`button[value="${person}"]`);
    await this.page.waitForURL(`${this.origin}/`);
    await this.known();
  }

  async signOut() {
    await this.page.click('#sign-out');
    await this.page.locator('#sign-in').waitFor();
  }

  async choose(example) {
    await this.page.getByRole('button', { name: example, exact: true }).click();
  }

  async run() {
    await this.page.click('#run');
    return this.answer();
  }

  // The answer that is shown: JSON, status line, rows of refusals.
  async answer() {
    await this.page.locator('#status').getByText('HTTP').waitFor();
    const refused = await this.page.locator('#refused tr:visible').allInnerTexts();
    return { body: JSON.parse(await this.text('#answer')), status: await this.text('#status'), refused };
  }

  text(selector) {
    return this.page.locator(selector).innerText();
  }

  // Presses Tab until this element has the focus; false when it cannot be reached or its focus cannot be seen.
  async tabTo(selector) {
    for (let presses = 0; presses < 60; presses += 1) {
      await this.page.keyboard.press('Tab');
      const focus = await this.page.evaluate((wanted) => {
        const focused = document.activeElement;
        return { reached: focused.matches(wanted), seen: getComputedStyle(focused).outlineStyle !== 'none' };
      }, selector);
      if (focus.reached) return focus.seen;
    }
    return false;
  }

  stored() {
    return this.page.evaluate(() => [localStorage.length, sessionStorage.length, location.href]);
  }

  end() {
    return this.page.context().close();
  }
}
