import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { test as base, describe, expect } from 'vitest';
import { createAuthenticate } from '../../src/authentication/authenticate.ts';
import { registerLogin } from '../../src/authentication/login.route.ts';
import { createApp } from '../../src/http/app.ts';
import { registerImports } from '../../src/organization-file/import.route.ts';
import { bearer } from '../support/graphql-client.ts';
import { providerId } from '../support/graphql-world.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { openTestInstallation } from '../support/test-installation.ts';

const LONGEST_MS = 400;
const LONGEST_SLOW_MS = 4000;

/** The routes with limits of another scale: what takes half a minute takes less than a second here. */
const test = base.extend('site', { scope: 'file' }, async ({}, { onCleanup }) => {
  const keyward = await openTestInstallation();
  const { services } = keyward;
  const limits = { longestMs: LONGEST_MS, longestSlowMs: LONGEST_SLOW_MS };
  const app = await createApp(services, () => false, [], limits);
  registerLogin(app, services);
  await registerImports(app, services, createAuthenticate(services));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  onCleanup(async () => {
    await app.close();
    await keyward[Symbol.asyncDispose]();
  });
  const world = await createKeyWorld(keyward);
  const { authorization } = await bearer(url, world.people.providerAdmin);
  return { url, authorization, provider: providerId(world.tenants.reseller), database: keyward.database };
});

const part = (head: string, text: string) => `--x\r\ncontent-disposition: form-data; ${head}\r\n\r\n${text}\r\n`;

/** The beginning of a request, past its headers. */
async function open(url: string, path: string, headers: Record<string, string>): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  await once(socket, 'connect');
  const lines = Object.entries({ host: hostname, connection: 'close', ...headers });
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  return socket;
}

/** All that comes until the server closes. */
async function answerOf(socket: Socket): Promise<{ readonly text: string; readonly tookMs: number }> {
  const startedAt = performance.now();
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return { text, tookMs: performance.now() - startedAt };
}

function bodyOf(provider: string, rows: number): string {
  const file = `name\n${Array.from({ length: rows }, (_, index) => `Slow ${index}`).join('\n')}\n`;
  return `${part('name="serviceProviderId"', provider)}${part('name="file"; filename="o.csv"', file)}--x--\r\n`;
}

const multipart = (length: number) => ({
  'content-type': 'multipart/form-data; boundary=x',
  'content-length': String(length),
});

describe('an upload', () => {
  test('may be slow as long as it moves', async ({ site: { url, authorization, provider, database } }) => {
    const body = bodyOf(provider, 100);
    const socket = await open(url, '/imports/organizations', { authorization, ...multipart(body.length) });
    const answer = answerOf(socket);
    const pieces = 15;
    for (let piece = 0; piece < pieces; piece++) {
      await wait(LONGEST_MS / 4);
      socket.write(body.slice((body.length * piece) / pieces, (body.length * (piece + 1)) / pieces));
    }
    const { text, tookMs } = await answer;
    expect(text).toContain('HTTP/1.1 200');
    expect(tookMs).toBeGreaterThan(3 * LONGEST_MS);
    const found = await database.query(`select from organization where name like 'Slow %'`);
    expect(found).toHaveLength(100);
  });

  test('that stands still ends, and leaves nothing', async ({ site: { url, authorization, provider, database } }) => {
    const before = await database.query('select from import_row');
    const body = bodyOf(provider, 100);
    const socket = await open(url, '/imports/organizations', { authorization, ...multipart(body.length) });
    socket.write(body.slice(0, body.length / 2));
    const { text, tookMs } = await answerOf(socket);
    expect(text).toContain('HTTP/1.1 408');
    expect(tookMs).toBeLessThan(5 * LONGEST_MS);
    expect(await database.query('select from import_row')).toHaveLength(before.length);
  });

  test('does not go on for ever, however it moves', async ({ site: { url, authorization, provider } }) => {
    const body = bodyOf(provider, 100);
    const socket = await open(url, '/imports/organizations', { authorization, ...multipart(body.length) });
    const timer = setInterval(() => socket.write('x'), LONGEST_MS / 4);
    const { text, tookMs } = await answerOf(socket).finally(() => clearInterval(timer));
    expect(text).toContain('HTTP/1.1 408');
    expect(tookMs).toBeGreaterThan(LONGEST_SLOW_MS / 2);
  });
});

describe('any other request', () => {
  test('has its time, moving or not', async ({ site: { url } }) => {
    const headers = { 'content-type': 'application/json', 'content-length': '1000' };
    const socket = await open(url, '/auth/login', headers);
    const timer = setInterval(() => socket.write(' '), LONGEST_MS / 4);
    const { text, tookMs } = await answerOf(socket).finally(() => clearInterval(timer));
    expect(text).toContain('HTTP/1.1 408');
    expect(tookMs).toBeLessThan(5 * LONGEST_MS);
  });
});
