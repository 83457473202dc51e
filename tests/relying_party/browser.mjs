// A browser without a window: cookies, redirects one by one, forms with their hidden fields.

export class Browser {
  #cookies = new Map();

  async open(url, options = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', ...options, headers: { ...options.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (/max-age=0/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const location = response.headers.get('location');
    return { status: response.status, text: await response.text(), location: location && new URL(location, url), url: new URL(url) };
  }

  async submit(page, action, fields) {
    const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
    const body = new URLSearchParams(hidden.map(([, name, value]) => [name, value]));
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return this.open(new URL(action, page.url), { method: 'POST', body });
  }

  // Follows redirects inside the provider; stops at a page or at the client's address.
  async visit(url, issuer) {
    let answer = await this.open(url);
    while (answer.location?.href.startsWith(issuer)) answer = await this.open(answer.location);
    return answer;
  }
}
