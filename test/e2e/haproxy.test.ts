import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { startHaproxy } from '../support/haproxy.ts';
import { send } from '../support/raw-http.ts';

/** Says 200 to everything until it is closed. */
async function startServer(port: number): Promise<{ close(): void }> {
  const server = createServer((_, response) => response.end('{}')).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(close);
  return { close };
}

test('while no process takes requests, the load balancer says so as a process does', { timeout: 30_000 }, async () => {
  const ports = [await freePort(), await freePort()] as const;
  const server = await startServer(ports[0]);
  await using haproxy = await startHaproxy(ports);
  server.close();
  await expect.poll(() => haproxy.statusOf('one'), { timeout: 10_000 }).toBe('DOWN');
  for (const path of ['/graphql', '/v1/keys/verify']) {
    const { status, headers, text } = await send(`${haproxy.url}${path}`, { method: 'POST', body: '{}' });
    expect([status, headers.get('retry-after'), headers.get('content-type')]).toEqual([
      503,
      '1',
      'application/json; charset=utf-8',
    ]);
    const body: unknown = JSON.parse(text);
    const message = expect.stringMatching(/Try again\.$/);
    expect(body).toEqual({ code: 'INTERNAL', message, errors: [{ message, extensions: { code: 'INTERNAL' } }] });
  }
});

const isOfDistribution = process.platform === 'linux' && existsSync('/var/lib/haproxy');
test.runIf(isOfDistribution)('the load balancer is not root', { timeout: 30_000 }, async () => {
  const ports = [await freePort(), await freePort()] as const;
  await startServer(ports[0]);
  await using haproxy = await startHaproxy(ports);
  const status = await readFile(`/proc/${haproxy.pid}/status`, 'utf8');
  const [, ...ids] = /^Uid:\t(\d+)\t(\d+)\t(\d+)\t(\d+)$/m.exec(status) ?? [];
  expect(ids).toHaveLength(4);
  expect(ids).not.toContain('0');
});
