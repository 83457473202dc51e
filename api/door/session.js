// The person's session: sign-in by OpenID Connect (code, PKCE), refresh by rotation, sign-out. Tokens stay in memory.

const PENDING = 'vhod.sign-in'; // sessionStorage, from leaving for the provider until the callback
const RENEW_BEFORE_MS = 60_000;

// A sign-in that did not come about; `code` is OAuth's, or one of ours: foreign_answer, wrong_token, session_ended.
export class SignInError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export class Session {
  #issuer;
  #clientId;
  #scope;
  #callback;
  #home;
  #tokens = null; // { access, refresh, id, renewAt }
  #renewing = null;

  constructor({ issuer, clientId, scope, origin }) {
    this.#issuer = issuer;
    this.#clientId = clientId;
    this.#scope = scope;
    this.#callback = `${origin}/callback`;
    this.#home = `${origin}/`;
  }

  get open() {
    return this.#tokens !== null;
  }

  // Leaves the page for the provider.
  async begin() {
    const pending = { verifier: secret(), state: secret(), nonce: secret() };
    const { authorization_endpoint: endpoint } = await this.#metadata();
    const question = new URLSearchParams({
      response_type: 'code',
      client_id: this.#clientId,
      redirect_uri: this.#callback,
      scope: this.#scope,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await challenge(pending.verifier),
      code_challenge_method: 'S256',
    });
    sessionStorage.setItem(PENDING, JSON.stringify(pending));
    location.assign(`${endpoint}?${question}`);
  }

  // Takes the provider's answer (URLSearchParams) and redeems the code.
  async finish(answer) {
    const pending = JSON.parse(sessionStorage.getItem(PENDING));
    sessionStorage.removeItem(PENDING);
    // Before anything else of it is believed: it must answer our question and come from our provider (RFC 9207).
    const ours = pending && answer.get('state') === pending.state && answer.get('iss') === this.#issuer;
    if (!ours) throw new SignInError('foreign_answer');
    if (answer.has('error')) throw new SignInError(answer.get('error'));
    const redemption = { code: answer.get('code'), redirect_uri: this.#callback, code_verifier: pending.verifier };
    const tokens = await this.#redeem({ grant_type: 'authorization_code', ...redemption });
    this.#check(claims(tokens.id), pending.nonce);
    this.#tokens = tokens;
  }

  // An access token that will serve for a while, or null for nobody.
  async bearer() {
    if (this.#tokens && Date.now() >= this.#tokens.renewAt) {
      // One renewal for all who wait: a refresh token may be used once.
      this.#renewing ??= this.#renew().finally(() => { this.#renewing = null; });
      await this.#renewing;
    }
    return this.#tokens?.access ?? null;
  }

  // Forgets the tokens; the provider's own session goes on.
  forget() {
    this.#tokens = null;
  }

  // Leaves the page: the provider ends its session too. By POST, so that no address holds the token.
  async end() {
    const { end_session_endpoint: endpoint } = await this.#metadata();
    const hint = this.#tokens?.id ?? '';
    this.forget();
    submit(endpoint, { id_token_hint: hint, client_id: this.#clientId, post_logout_redirect_uri: this.#home });
  }

  async #renew() {
    try {
      this.#tokens = await this.#redeem({ grant_type: 'refresh_token', refresh_token: this.#tokens.refresh });
    } catch (error) {
      if (!(error instanceof SignInError)) throw error; // no network: the tokens may still serve
      this.forget();
      throw new SignInError('session_ended');
    }
  }

  async #redeem(grant) {
    const { token_endpoint: endpoint } = await this.#metadata();
    const body = new URLSearchParams({ client_id: this.#clientId, ...grant });
    const response = await fetch(endpoint, { method: 'POST', body, credentials: 'omit' });
    const given = await response.json();
    if (!response.ok) throw new SignInError(given.error);
    return {
      access: given.access_token,
      refresh: given.refresh_token,
      id: given.id_token ?? this.#tokens?.id,
      renewAt: Date.now() + given.expires_in * 1000 - RENEW_BEFORE_MS,
    };
  }

  // The signature needs no check: the token came straight from the provider (OpenID Connect Core, 3.1.3.7, 6).
  #check({ iss, aud, nonce }, expected) {
    const meant = [aud].flat().includes(this.#clientId);
    if (iss !== this.#issuer || !meant || nonce !== expected) throw new SignInError('wrong_token');
  }

  async #metadata() {
    const response = await fetch(`${this.#issuer}/.well-known/openid-configuration`);
    const metadata = await response.json();
    if (metadata.issuer !== this.#issuer) throw new SignInError('foreign_answer');
    return metadata;
  }
}

function secret() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challenge(verifier) {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function claims(token) {
  const text = atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
}

function submit(action, fields) {
  const form = Object.assign(document.createElement('form'), { method: 'post', action, hidden: true });
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  }
  document.body.append(form);
  form.submit();
}
