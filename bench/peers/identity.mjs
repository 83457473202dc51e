// Who asks: the same RS256 token that Vhod verifies, believed for a minute once verified, as Vhod does;
// and the row-level settings of that person, worked out by Vhod's own code before the run (settings.json).
import { readFileSync } from 'node:fs';
import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';

const KEPT = 10_000;
const KEPT_SECONDS = 60;

export const settings = JSON.parse(readFileSync(process.env.BENCH_SETTINGS, 'utf8'));

const key = createPublicKey(settings.publicKey);
const kept = new Map();

async function claimsOf(token) {
  const now = Date.now() / 1000;
  const known = kept.get(token);
  if (known && known.until > now) return known.payload;
  const { payload } = await jwtVerify(token, key, {
    algorithms: ['RS256'],
    issuer: settings.issuer,
    audience: settings.audience,
    typ: 'at+jwt',
  });
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value);
  kept.set(token, { payload, until: Math.min(payload.exp, now + KEPT_SECONDS) });
  return payload;
}

/** Settings of the transaction for whoever sent this Authorization header; throws for a bad token. */
export async function rowContext(authorization) {
  const [scheme, token] = (authorization ?? '').split(' ');
  if (scheme !== 'Bearer' || !token) throw new Error('no bearer token');
  const { sub } = await claimsOf(token);
  const found = settings.viewers[sub];
  if (!found) throw new Error('unknown person');
  return found;
}
