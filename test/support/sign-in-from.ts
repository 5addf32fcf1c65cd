import { randomInt } from 'node:crypto';
import { test as base } from './graphql-world.ts';
import { JSON_TYPE, type RawAnswer, send } from './raw-http.ts';
import { startTestServer } from './test-installation.ts';

/** Trusts the tests to be a proxy, so that each request can come from wherever it says. */
export const test = base.override('server', { scope: 'file' }, async ({}, { onCleanup }) => {
  const server = await startTestServer({ trustedProxies: ['127.0.0.1'] });
  onCleanup(() => server[Symbol.asyncDispose]());
  return server;
});

/** Some address that nobody else has come from: of a range kept for benchmarks (RFC 2544). */
export function anyAddress(): string {
  return `198.${18 + randomInt(2)}.${randomInt(256)}.${randomInt(256)}`;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** @param address where the request is to come from */
export function signIn(
  url: string,
  body: unknown,
  address = anyAddress(),
  path: '/auth/login' | '/auth/session' | '/auth/password' = '/auth/login',
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  return send(`${url}${path}`, {
    method: 'POST',
    headers: { ...JSON_TYPE, 'x-forwarded-for': address, ...headers },
    body: JSON.stringify(body),
  });
}
