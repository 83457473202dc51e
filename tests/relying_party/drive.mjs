// Drives the whole flow with openid-client (certified relying party) and jose. ISSUER and CONTROL come from the test.

import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { Browser } from './browser.mjs';
import { check, refused, report, same } from './checks.mjs';

const { ISSUER, CONTROL, WEB_SECRET } = process.env;
const ORIGIN = new URL(ISSUER).origin;
const SPA = `${ORIGIN}/callback`;
const SCOPE = 'openid fullname birthdate offline_access education:read';

const discover = (client, metadata, authentication) =>
  oidc.discovery(new URL(ISSUER), client, metadata, authentication, { execute: [oidc.allowInsecureRequests] });
const control = (action) => fetch(`${CONTROL}/${action}`, { method: 'POST' });

async function begin(config, redirect_uri, extra = {}) {
  const checks = {
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
    expectedState: oidc.randomState(),
    expectedNonce: oidc.randomNonce(),
    idTokenExpected: true,
  };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri,
    scope: SCOPE,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...extra,
  });
  return { checks, url };
}

async function signIn(browser, config, redirect_uri, person, extra) {
  const { checks, url } = await begin(config, redirect_uri, extra);
  let answer = await browser.visit(url, ISSUER);
  if (answer.text.includes('/login/gosuslugi')) answer = await browser.submit(answer, `${ISSUER}/login/gosuslugi`, { person });
  if (answer.location?.href.startsWith(ISSUER)) answer = await browser.visit(answer.location, ISSUER);
  if (answer.text.includes('value="allow"')) answer = await browser.submit(answer, `${ISSUER}/consent`, { answer: 'allow' });
  return { checks, callback: answer.location };
}

async function tokens(browser, config, redirect_uri, person, extra) {
  const { checks, callback } = await signIn(browser, config, redirect_uri, person, extra);
  return oidc.authorizationCodeGrant(config, callback, checks);
}

async function errorOf(browser, config, redirect_uri, extra) {
  const { checks, url } = await begin(config, redirect_uri, extra);
  const answer = await browser.visit(url, ISSUER);
  return oidc.authorizationCodeGrant(config, answer.location, checks);
}

// Discovery
const spa = await discover('vhod-spa', { id_token_signed_response_alg: 'ES256' }, oidc.None());
const metadata = spa.serverMetadata();
same('issuer', metadata.issuer, ISSUER);
same('PKCE methods', metadata.code_challenge_methods_supported, ['S256']);
check('library sees S256', metadata.supportsPKCE('S256'));
check('iss is promised', metadata.authorization_response_iss_parameter_supported);

// Code flow of the SPA
const browser = new Browser();
const started = Math.floor(Date.now() / 1000) - 1;
const first = await tokens(browser, spa, SPA, 'teacher', { max_age: '600' });
const claims = first.claims();
check('access token', first.access_token);
same('token type', first.token_type, 'bearer');
same('lifetime', first.expires_in, 600);
same('audience', claims.aud, 'vhod-spa');
check('subject is a string of digits', /^\d+$/.test(claims.sub));
check('auth_time', claims.auth_time >= started);
check('amr is an array', Array.isArray(claims.amr));
same('ESIA inside', claims['urn:esia:sbj']['urn:esia:sbj:lvl'], 'PR');
same('ESIA number', claims['urn:esia:sbj']['urn:esia:sbj:oid'], Number(claims.sub));

// The access token for the API, verified by jose
const keys = () => createRemoteJWKSet(new URL(metadata.jwks_uri), { cooldownDuration: 0 });
const verifyAccess = (token, set = keys()) =>
  jwtVerify(token, set, { issuer: ISSUER, audience: 'vhod-api', typ: 'at+jwt', algorithms: ['ES256'], requiredClaims: ['sub', 'client_id', 'iat', 'jti', 'exp'] });
const access = await verifyAccess(first.access_token);
same('client of the access token', access.payload.client_id, 'vhod-spa');
same('scope of the access token', access.payload.scope, SCOPE);
same('level', access.payload['urn:esia:sbj:lvl'], 'PR');
same('trust', access.payload['urn:esia:sbj:is_tru'], true);
await refused('id_token is no access token', verifyAccess(first.id_token), 'ERR_JWT_CLAIM_VALIDATION_FAILED');

// Userinfo
const userinfo = await oidc.fetchUserInfo(spa, first.access_token, claims.sub);
same('name', userinfo.name, 'Примерова Вера Тестовна');
same('birth date', userinfo.birthdate, '1984-03-14');
same('no SNILS without its scope', userinfo.snils, undefined);
await refused('userinfo of another subject', oidc.fetchUserInfo(spa, first.access_token, '1'), 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED');

// Refresh: rotation, grace, reuse
const second = await oidc.refreshTokenGrant(spa, first.refresh_token);
check('another refresh token', second.refresh_token !== first.refresh_token);
same('refreshed id_token has the same subject', second.claims().sub, claims.sub);
same('refreshed id_token has the same auth_time', second.claims().auth_time, claims.auth_time);
const repeated = await oidc.refreshTokenGrant(spa, first.refresh_token);
same('the same successor in the grace window', repeated.refresh_token, second.refresh_token);
const narrow = await oidc.refreshTokenGrant(spa, second.refresh_token, { scope: 'openid education:read' });
same('narrower scope', narrow.scope, 'openid education:read');
await refused('wider scope', oidc.refreshTokenGrant(spa, narrow.refresh_token, { scope: `${SCOPE} education:write` }), 'invalid_scope');
await control('after-grace');
await refused('reuse', oidc.refreshTokenGrant(spa, first.refresh_token), 'invalid_grant');
await refused('reuse kills the family', oidc.refreshTokenGrant(spa, narrow.refresh_token), 'invalid_grant');

// Code: replay, wrong verifier, race
const replayed = await signIn(browser, spa, SPA, 'teacher');
const fromCode = await oidc.authorizationCodeGrant(spa, replayed.callback, replayed.checks);
await refused('replay', oidc.authorizationCodeGrant(spa, replayed.callback, replayed.checks), 'invalid_grant');
await refused('replay kills the family', oidc.refreshTokenGrant(spa, fromCode.refresh_token), 'invalid_grant');
const burnt = await signIn(browser, spa, SPA, 'teacher');
await refused('wrong verifier', oidc.authorizationCodeGrant(spa, burnt.callback, { ...burnt.checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() }), 'invalid_grant');
await refused('wrong verifier burns the code', oidc.authorizationCodeGrant(spa, burnt.callback, burnt.checks), 'invalid_grant');
const raced = await signIn(browser, spa, SPA, 'teacher');
const race = await Promise.allSettled(Array.from({ length: 12 }, () => oidc.authorizationCodeGrant(spa, raced.callback, raced.checks)));
same('twelve at once, one success', race.filter(({ status }) => status === 'fulfilled').length, 1);

// The library's own checks of our answers
const foreign = await signIn(browser, spa, SPA, 'teacher');
const forged = new URL(foreign.callback);
forged.searchParams.set('iss', 'https://evil.example');
await refused('foreign iss', oidc.authorizationCodeGrant(spa, forged, foreign.checks), 'OAUTH_INVALID_RESPONSE');
await refused('foreign state', oidc.authorizationCodeGrant(spa, foreign.callback, { ...foreign.checks, expectedState: 'x' }), 'OAUTH_INVALID_RESPONSE');
await refused('foreign nonce', oidc.authorizationCodeGrant(spa, foreign.callback, { ...foreign.checks, expectedNonce: 'x' }), 'OAUTH_JWT_CLAIM_COMPARISON_FAILED');

// Key rotation without a restart
const kid = decodeProtectedHeader(first.access_token).kid;
const cached = keys();
await verifyAccess(first.access_token, cached);
const before = (await (await fetch(metadata.jwks_uri)).json()).keys.map((key) => key.kid);
await control('rotate');
const rotated = await tokens(browser, spa, SPA, 'teacher');
check('another key signs', decodeProtectedHeader(rotated.access_token).kid !== kid);
check('the new key was published before', before.includes(decodeProtectedHeader(rotated.access_token).kid));
check('old token verifies with the new key set', await verifyAccess(first.access_token));
check('new token verifies with a key set from before', await verifyAccess(rotated.access_token, cached));
const published = (await (await fetch(metadata.jwks_uri)).json()).keys;
check('no private member', published.every((key) => !['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].some((member) => member in key)));

// Mobile client: any loopback port, private-use scheme
const mobile = await discover('vhod-mobile', { id_token_signed_response_alg: 'ES256' }, oidc.None());
for (const address of ['http://127.0.0.1:51234/callback', 'http://[::1]:51235/callback', 'org.example.vhod:/callback']) {
  const own = await tokens(browser, mobile, address, 'teacher', { redirect_uri: address });
  same(`mobile client at ${address}`, own.claims().aud, 'vhod-mobile');
}

// Confidential client: consent, RS256, both ways to authenticate
for (const [name, method] of [['basic', oidc.ClientSecretBasic], ['post', oidc.ClientSecretPost]]) {
  const web = await discover('vhod-web', { id_token_signed_response_alg: 'RS256' }, method(WEB_SECRET));
  const answer = await tokens(browser, web, `${ORIGIN}/auth/callback`, 'teacher');
  same(`id_token of the web client, ${name}`, decodeProtectedHeader(answer.id_token).alg, 'RS256');
}
const impostor = await discover('vhod-web', {}, oidc.ClientSecretPost('wrong'));
await refused('wrong secret', oidc.refreshTokenGrant(impostor, 'x'), 'invalid_client');
const challenged = await discover('vhod-web', {}, oidc.ClientSecretBasic('wrong'));
await refused('wrong secret in the header', oidc.refreshTokenGrant(challenged, 'x'), 'OAUTH_WWW_AUTHENTICATE_CHALLENGE');
await refused('refresh token of another client', oidc.refreshTokenGrant(mobile, rotated.refresh_token), 'invalid_grant');

// Silence, fresh sign-in, hints
const silent = await tokens(browser, spa, SPA, 'teacher', { prompt: 'none' });
same('silent sign-in', silent.claims().sub, claims.sub);
const again = await tokens(browser, spa, SPA, 'teacher', { prompt: 'login' });
check('prompt=login signs in anew', again.claims().auth_time >= silent.claims().auth_time && again.claims().sid !== silent.claims().sid);
await refused('hint of another person', errorOf(browser, spa, SPA, { prompt: 'none', id_token_hint: 'e30.e30.e30' }), 'login_required');
await refused('nobody signed in', errorOf(new Browser(), spa, SPA, { prompt: 'none' }), 'login_required');
await refused('plain', errorOf(browser, spa, SPA, { code_challenge_method: 'plain' }), 'invalid_request');
await refused('request object', errorOf(browser, spa, SPA, { request: 'e30.e30.' }), 'request_not_supported');
await refused('request_uri', errorOf(browser, spa, SPA, { request_uri: 'https://rp.example/' }), 'request_uri_not_supported');
await refused('implicit flow', errorOf(browser, spa, SPA, { response_type: 'token' }), 'unsupported_response_type');
const astray = await browser.visit((await begin(spa, 'http://evil.example/')).url, ISSUER);
check('unregistered address gets a page', astray.status === 400 && !astray.location);

// Child
const child = new Browser();
const { checks, url } = await begin(spa, SPA);
const form = await child.visit(url, ISSUER);
const back = await child.submit(form, `${ISSUER}/login/child`, { login: 'ezhik-4821', password: 'тихий ёжик рисует луну' });
const ofChild = await oidc.authorizationCodeGrant(spa, back.location, checks);
same('child', decodeJwt(ofChild.access_token)['urn:esia:sbj:lvl'], 'KD');
same('way of the child', ofChild.claims().amr, ['pwd']);

// Revocation
await oidc.tokenRevocation(spa, silent.refresh_token, { token_type_hint: 'refresh_token' });
await refused('revoked', oidc.refreshTokenGrant(spa, silent.refresh_token), 'invalid_grant');

// Logout
const home = `${ORIGIN}/`;
const leaving = oidc.buildEndSessionUrl(spa, { id_token_hint: again.id_token, post_logout_redirect_uri: home, state: 'bye' });
const gone = await browser.open(leaving);
same('logout leads home with the state', gone.location?.href, `${home}?state=bye`);
await refused('nobody is signed in after logout', errorOf(browser, spa, SPA, { prompt: 'none' }), 'login_required');
await refused('logout ends the refresh token', oidc.refreshTokenGrant(spa, again.refresh_token), 'invalid_grant');
const evil = await browser.open(oidc.buildEndSessionUrl(spa, { id_token_hint: again.id_token, post_logout_redirect_uri: 'http://evil.example/' }));
check('logout leads nowhere else', !evil.location);

report();
