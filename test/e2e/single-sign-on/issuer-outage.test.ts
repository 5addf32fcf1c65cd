import { test as base, describe, expect } from 'vitest';
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts';
import { createKeyWorld } from '../../support/key-world.ts';
import { answerTo, holdsAs, newPerson, REFUSED, type Trusted, trust } from '../../support/single-sign-on-world.ts';
import { startTestServer } from '../../support/test-installation.ts';

/** An identity provider of its own for each test: what happens to it happens to nobody else. */
const test = base
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startTestServer({ allowedPrivateHosts: ['127.0.0.1'] });
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  .extend('idp', async ({}, { onCleanup }) => {
    const idp = await startIdentityProvider();
    onCleanup(() => idp[Symbol.asyncDispose]());
    return idp;
  })
  .extend('trusted', async ({ idp, server }) => trust(await createKeyWorld(server), idp));

function tokenFrom(idp: IdentityProvider, { audience }: Trusted): Promise<string> {
  const subject = newPerson(idp);
  const now = Math.floor(Date.now() / 1000);
  return idp.sign({ ...idp.people.get(subject), iss: idp.issuer, sub: subject, aud: audience, exp: now + 300 });
}

const HOLDS = holdsAs('PROVIDER_SUPPORT');

describe('keys that are rotated in mid-session', () => {
  test('are taken at once, and the old ones for as long as they are published', async ({ idp, server, trusted }) => {
    const [first, second, third] = [
      await tokenFrom(idp, trusted),
      await tokenFrom(idp, trusted),
      await tokenFrom(idp, trusted),
    ];
    expect(await answerTo(server, first)).toEqual(HOLDS);
    await idp.rotate(true);
    expect(await answerTo(server, await tokenFrom(idp, trusted))).toEqual(HOLDS);
    expect(await answerTo(server, second)).toEqual(HOLDS);
    await idp.rotate(false);
    expect(await answerTo(server, await tokenFrom(idp, trusted))).toEqual(HOLDS);
    expect(await answerTo(server, third)).toEqual(REFUSED);
  });

  test('are asked for once, however many tokens of unknown keys come', async ({ idp, server, trusted }) => {
    expect(await answerTo(server, await tokenFrom(idp, trusted))).toEqual(HOLDS);
    const before = idp.asked.filter((path) => path === '/jwks').length;
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: idp.issuer, sub: 'x', aud: trusted.audience, exp: now + 300, roles: ['keyward-admins'] };
    for (let index = 0; index < 20; index++) {
      expect(await answerTo(server, await idp.sign(claims, { kid: `made-up-${index}` }))).toEqual(REFUSED);
    }
    expect(idp.asked.filter((path) => path === '/jwks')).toHaveLength(before + 1);
  });
});

describe('an issuer that does not answer', () => {
  test.for(['DOWN', 'BROKEN', 'SILENT'] as const)(
    'because it is %s: keys that are known go on, others are refused and nothing hangs',
    async (mood, { idp, server, trusted }) => {
      expect(await answerTo(server, await tokenFrom(idp, trusted))).toEqual(HOLDS);
      const known = await tokenFrom(idp, trusted);
      await idp.rotate(true);
      const unknown = await tokenFrom(idp, trusted);
      idp.mood = mood;
      const startedAt = performance.now();
      const [first, ...answers] = await Promise.all([known, unknown, unknown].map((token) => answerTo(server, token)));
      expect(performance.now() - startedAt).toBeLessThan(mood === 'SILENT' ? 7_000 : 2_000);
      expect([first, ...answers]).toEqual([HOLDS, REFUSED, REFUSED]);
      const laterAt = performance.now();
      expect(await answerTo(server, unknown)).toEqual(REFUSED);
      expect(performance.now() - laterAt).toBeLessThan(2_000);
    },
  );

  test('from the start: everybody is refused, and let in once it answers', { timeout: 20_000 }, async ({
    idp,
    server,
    trusted,
  }) => {
    const token = await tokenFrom(idp, trusted);
    idp.mood = 'DOWN';
    expect(await answerTo(server, token)).toEqual(REFUSED);
    idp.mood = 'UP';
    await expect.poll(() => answerTo(server, token), { timeout: 10_000, interval: 250 }).toEqual(HOLDS);
  });
});

test('nothing of it is logged but what kind of failure it was', async ({ idp, server, trusted }) => {
  const token = await tokenFrom(idp, trusted);
  await answerTo(server, token);
  const log = server.logLines.join('');
  expect(token.split('.').filter((part) => log.includes(part))).toEqual([]);
  expect(log).not.toContain('"level":50');
});
