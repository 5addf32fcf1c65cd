import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwtVerify } from 'jose';
import { test as base, expect } from 'vitest';
import { createOutboundFetch } from '../../../src/outbound/outbound-fetch.ts';
import { PublishedKeys } from '../../../src/outbound/published-keys.ts';
import { locateKeys } from '../../../src/single-sign-on/discover-issuer.ts';
import { startIdentityProvider } from '../../support/identity-provider.ts';

const MINUTE_MS = 60_000;

/** The keys of an identity provider, under a clock that a test sets. */
const test = base.extend('world', async ({}, { onCleanup }) => {
  const idp = await startIdentityProvider();
  onCleanup(() => idp[Symbol.asyncDispose]());
  let nowMs = 0;
  const failures: unknown[] = [];
  const outboundFetch = createOutboundFetch({ allowedPrivateHosts: ['127.0.0.1'] });
  const keys = new PublishedKeys(
    outboundFetch,
    locateKeys,
    (error) => failures.push(error),
    () => nowMs,
  );
  return {
    idp,
    pass: (ms: number) => {
      nowMs += ms;
    },
    isVerified: (token: string) =>
      jwtVerify(token, (header, jws) => keys.keyOf(idp.issuer, header, jws)).then(
        () => true,
        () => false,
      ),
    failures,
    loads: () => idp.asked.filter((path) => path === '/jwks').length,
  };
});

test('keys are asked for once in ten minutes, and a withdrawn one counts no longer', async ({ world }) => {
  const { idp, pass, isVerified, loads } = world;
  const token = await idp.sign({});
  expect(await isVerified(token)).toBe(true);
  await idp.rotate(false);
  pass(9 * MINUTE_MS);
  expect([await isVerified(token), loads()]).toEqual([true, 1]);
  pass(2 * MINUTE_MS);
  expect([await isVerified(token), loads()]).toEqual([false, 2]);
});

test('the last ones that were had count for an hour while the issuer is silent, and then no longer', async ({
  world,
}) => {
  const { idp, pass, isVerified, failures } = world;
  const token = await idp.sign({});
  expect([await isVerified(token), failures]).toEqual([true, []]);
  idp.mood = 'DOWN';
  for (let minutes = 0; minutes < 59; minutes++) {
    expect([minutes, await isVerified(token)]).toEqual([minutes, true]);
    pass(MINUTE_MS);
  }
  pass(2 * MINUTE_MS);
  expect(await isVerified(token)).toBe(false);
  expect(failures.length).toBeGreaterThan(0);
  idp.mood = 'UP';
  pass(6_000);
  expect(await isVerified(token)).toBe(true);
});

test('while it is silent, only the first that notices waits for it', { timeout: 20_000 }, async ({ world }) => {
  const { idp, pass, isVerified } = world;
  const token = await idp.sign({});
  expect(await isVerified(token)).toBe(true);
  idp.mood = 'SILENT';
  pass(11 * MINUTE_MS);
  expect(await isVerified(token)).toBe(true);
  for (let minutes = 0; minutes < 20; minutes++) {
    pass(MINUTE_MS);
    const startedAt = performance.now();
    expect(await isVerified(token)).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  }
});

test('made-up keys do not keep anybody from a new one for long, and are asked for seldom', async ({ world }) => {
  const { idp, pass, isVerified, loads } = world;
  expect(await isVerified(await idp.sign({}))).toBe(true);
  for (let seconds = 0; seconds < 60; seconds++) {
    expect(await isVerified(await idp.sign({}, { kid: `made-up-${seconds}` }))).toBe(false);
    pass(1_000);
  }
  expect(loads()).toBeLessThanOrEqual(1 + 60 / 5);
  await idp.rotate(true);
  const token = await idp.sign({});
  for (let seconds = 0; seconds < 5; seconds++) {
    await isVerified(await idp.sign({}, { kid: `made-up-again-${seconds}` }));
    pass(1_000);
  }
  expect(await isVerified(token)).toBe(true);
});

test('a document that leads into a network of ours is not followed', async () => {
  const reached: string[] = [];
  const inside = createServer((request, response) => {
    reached.push(String(request.url));
    response.end('{"keys":[]}');
  }).listen(0, '127.0.0.1');
  const outside = createServer((_, response) => response.end(JSON.stringify(document))).listen(0, '127.0.0.1');
  await Promise.all([once(inside, 'listening'), once(outside, 'listening')]);
  const [hidden, host] = [inside, outside].map((server) => `127.0.0.1:${(server.address() as AddressInfo).port}`);
  const document = { issuer: `http://${host}`, jwks_uri: `https://${hidden}/jwks` };
  const failures: unknown[] = [];
  const outboundFetch = createOutboundFetch({ allowedPrivateHosts: [`${host}`] });
  const keys = new PublishedKeys(outboundFetch, locateKeys, (error) => failures.push(error));
  await expect(keys.keyOf(document.issuer, { alg: 'ES256' }, { payload: '', signature: '' })).rejects.toThrow();
  expect([reached, failures]).toEqual([[], [expect.objectContaining({ failure: 'FORBIDDEN_ADDRESS' })]]);
  for (const server of [inside, outside]) {
    server.closeAllConnections();
    server.close();
  }
});
