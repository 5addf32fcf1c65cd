import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from '../../../src/secrets/secret.ts';
import { findMatch, generateClientSecret, hashClientSecret } from '../../../src/service-account/client-secret.ts';

test('a client secret has 256 random bits behind a prefix that scanners know, and never prints', () => {
  const secrets = Array.from({ length: 1000 }, generateClientSecret);
  for (const secret of secrets) expect(secret.expose()).toMatch(/^kws_[\w-]{43}$/);
  expect(new Set(secrets.map((secret) => secret.expose())).size).toBe(1000);
  const [secret = new Secret('')] = secrets;
  expect(`${secret} ${JSON.stringify({ secret })} ${inspect(secret)}`).not.toContain(secret.expose().slice(4));
});

test('only the whole secret matches, whichever of those kept it is', () => {
  const secrets = [generateClientSecret(), generateClientSecret()];
  const kept = secrets.map((secret, index) => ({ id: index, hash: hashClientSecret(secret) }));
  expect(kept.map(({ hash }) => hash.length)).toEqual([32, 32]);
  secrets.forEach((secret, index) => {
    expect(findMatch(kept, secret)?.id).toBe(index);
    const text = secret.expose();
    for (const wrong of ['', text.slice(0, -1), `${text} `, text.slice(4), text.toLowerCase(), `${text}${text}`]) {
      expect(findMatch(kept, new Secret(wrong))).toBeNull();
    }
  });
  expect(findMatch(kept, generateClientSecret())).toBeNull();
  expect(findMatch([], secrets[0] ?? new Secret(''))).toBeNull();
});
