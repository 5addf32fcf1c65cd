import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KeyString } from '../../../src/api-key/key-string.ts';
import { TenantKeys } from '../../../src/secrets/tenant-keys.ts';
import { CANARY_DIRECTORY, flushCanary } from '../../support/canary/places.ts';
import { SecretSearch } from '../../support/canary/search.ts';

const SECRET = 'Hq4tZ9nC1xVb';
const around = (before: string) => Buffer.from(`${before}${SECRET} and more`);

describe('the search for secrets after a run', () => {
  const forms = {
    plain: around('key='),
    'in a URL': Buffer.from(`?key=${encodeURIComponent(SECRET)}&x`),
    'in a URL, every byte escaped': Buffer.from(
      SECRET.replace(/./g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    ),
    hex: Buffer.from(around('x').toString('hex')),
    HEX: Buffer.from(around('').toString('hex').toUpperCase()),
    ...Object.fromEntries(
      ['', 'x', 'xy', 'xyz'].flatMap((before) => [
        [`base64 after ${before.length}`, Buffer.from(around(before).toString('base64'))],
        [`base64url after ${before.length}`, Buffer.from(around(before).toString('base64url'))],
      ]),
    ),
  };
  test.for(Object.entries(forms))('finds one that is %s, at the start, within and at the end', ([, hidden]) => {
    const search = new SecretSearch([SECRET, 'another-secret']);
    const rubbish = Buffer.from(randomBytes(5000).toString('base64'));
    for (const haystack of [hidden, Buffer.concat([rubbish, hidden, rubbish]), Buffer.concat([rubbish, hidden])])
      expect(search.findIn(haystack).map(({ secret }) => secret)).toEqual([SECRET]);
  });

  test('finds none where there is none, or but a part of one', () => {
    const search = new SecretSearch([SECRET]);
    expect(search.findIn(Buffer.from(`${SECRET.slice(0, -1)} ${SECRET.slice(1)}`))).toEqual([]);
    expect(search.findIn(randomBytes(100_000))).toEqual([]);
    expect(search.findIn(Buffer.alloc(0))).toEqual([]);
  });

  test('tells each of many once, and where', () => {
    const secrets = Array.from({ length: 5000 }, () => KeyString.generate().expose());
    const [first = '', second = ''] = secrets;
    const found = new SecretSearch(secrets).findIn(Buffer.from(`-${second}-${first}-${second}-`));
    expect(found).toEqual([
      { secret: second, at: 1 },
      { secret: first, at: 14 },
    ]);
  });
});

/** What this process has kept in the meantime, under a directory of its own. */
async function keptWhile(work: () => void): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'keyward-canary-test-'));
  flushCanary();
  const usual = process.env[CANARY_DIRECTORY];
  process.env[CANARY_DIRECTORY] = directory;
  try {
    work();
    flushCanary();
    const names = await readdir(directory);
    return (await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')))).join('\n');
  } finally {
    process.env[CANARY_DIRECTORY] = usual;
    await rm(directory, { recursive: true });
  }
}

describe('known to the search is every key string', () => {
  test('that is drawn, whatever becomes of it', async () => {
    const drawn: string[] = [];
    const kept = await keptWhile(() => {
      for (let count = 0; count < 20; count++) drawn.push(KeyString.generate().expose());
    });
    for (const secret of drawn) expect(kept).toContain(JSON.stringify(secret));
  });

  test('that is hashed or sealed, wherever it came from', async () => {
    const keys = new TenantKeys(new Map([[1, randomBytes(32)]]), randomBytes(32));
    const given = [KeyString.parse('aB3dE6gH9jK2'), KeyString.parse('zY8xW5vU2tS1')] as const;
    const kept = await keptWhile(() => {
      if (given[0] !== null) keys.fingerprint(given[0]);
      if (given[1] !== null) keys.seal(given[1], 'somewhere');
    });
    for (const secret of given) expect(kept).toContain(JSON.stringify(secret?.expose()));
  });

  test('while what is watched works as ever', () => {
    const key = randomBytes(32);
    const hash = (text: string) =>
      createHmac('sha256', key).update(text.slice(0, 3)).update(text.slice(3)).digest('hex');
    expect(hash('one|two')).toBe(createHmac('sha256', key).update('one|two').digest('hex'));
    const cipher = createCipheriv('aes-256-gcm', key, randomBytes(12));
    expect(Buffer.concat([cipher.update('text', 'utf8'), cipher.final()])).toHaveLength(4);
  });
});
