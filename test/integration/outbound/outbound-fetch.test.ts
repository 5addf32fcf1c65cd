import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { isIP } from 'node:net';
import { gzipSync } from 'node:zlib';
import { test as base, describe, expect } from 'vitest';
import { OutboundError } from '../../../src/outbound/outbound-error.ts';
import { createOutboundFetch, type OutboundFetch } from '../../../src/outbound/outbound-fetch.ts';

/** A server of this machine that counts what reaches it. */
const test = base.extend('inside', async ({}, { onCleanup }) => {
  const answers: Record<string, RequestListener> = {
    '/': (_, response) => response.end('inside'),
    '/redirect': (_, response) => response.writeHead(302, { location: '/' }).end('elsewhere'),
    '/empty': (_, response) => response.writeHead(204).end(),
    '/large': (_, response) => response.end(Buffer.alloc(20_000, 'x')),
    '/bomb': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1e7))),
    '/silent': () => undefined,
    '/slow': (_, response) => response.write('a little, and then no more'),
    '/broken': (request) => request.socket.destroy(),
    '/echo': (request, response) => request.pipe(response.setHeader('x-method', String(request.method))),
  };
  const reached: string[] = [];
  const server = createServer((request, response) => {
    reached.push(String(request.url));
    answers[String(request.url)]?.(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  onCleanup(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { port: address.port, host: `127.0.0.1:${address.port}`, reached };
});

async function failureOf(call: Promise<Response>): Promise<string> {
  const error: unknown = await call.then(
    ({ status }) => new Error(`it answered ${status}`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof OutboundError) return error.failure;
  throw error;
}

function toInside(host: string, limits: { timeoutMs?: number; largestResponseBytes?: number } = {}): OutboundFetch {
  return createOutboundFetch({ allowedPrivateHosts: [host], ...limits });
}

describe('without leave', () => {
  const outboundFetch = createOutboundFetch({ allowedPrivateHosts: [] });

  test('no way of writing an address leads into a network of our own', async ({ inside: { port, reached } }) => {
    const hosts = ['127.0.0.1', 'localhost', '2130706433', '0x7f000001', '0177.1', '127.1', '0', '[::1]', '[::]'];
    hosts.push('[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '169.254.169.254', '[fd00:ec2::254]', '10.0.0.1');
    for (const host of hosts) {
      const failure = await failureOf(outboundFetch(`https://${host}:${port}/`));
      expect([host, failure]).toEqual([host, 'FORBIDDEN_ADDRESS']);
    }
    expect(reached).toEqual([]);
  });

  test('what a name stands for is judged where the connection is made: rebinding gains nothing', async ({ inside }) => {
    const answers = [['8.8.8.8', '127.0.0.1'], ['127.0.0.1'], ['::ffff:127.0.0.1'], ['fd00:ec2::254'], []];
    for (const addresses of answers) {
      const asked: string[] = [];
      const outboundFetch = createOutboundFetch({
        allowedPrivateHosts: [],
        lookUp: (hostname, _, done) => {
          asked.push(hostname);
          done(
            null,
            addresses.map((address) => ({ address, family: isIP(address) })),
          );
        },
      });
      const failure = await failureOf(outboundFetch(`https://rebound.example:${inside.port}/`));
      expect([addresses, failure, asked]).toEqual([addresses, 'FORBIDDEN_ADDRESS', ['rebound.example']]);
    }
    expect(inside.reached).toEqual([]);
  });

  test.for([
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:,x',
    'https://user:password@example.com/',
    'https://',
    'not a url',
  ])('%s is no URL to ask', async (url) => {
    expect(await failureOf(outboundFetch(url))).toBe('FORBIDDEN_URL');
  });

  test('a name that does not exist is unreachable', async () => {
    expect(await failureOf(outboundFetch('https://nothing.invalid/'))).toBe('UNREACHABLE');
  });
});

describe('a host that was named', () => {
  test('answers, over http too, with its port or without', async ({ inside: { host, reached } }) => {
    for (const name of [host, '127.0.0.1']) {
      expect(await (await toInside(name)(`http://${host}/`)).text()).toBe('inside');
    }
    expect(reached).toEqual(['/', '/']);
  });

  test('is no leave for another port or another name of the same machine', async ({
    inside: { host, port, reached },
  }) => {
    expect(await failureOf(toInside(`127.0.0.1:${port + 1}`)(`http://${host}/`))).toBe('FORBIDDEN_ADDRESS');
    expect(await failureOf(toInside(host)(`https://localhost:${port}/`))).toBe('FORBIDDEN_ADDRESS');
    expect(await failureOf(toInside(host)(`http://localhost:${port}/`))).toBe('FORBIDDEN_URL');
    expect(reached).toEqual([]);
  });

  test('gets what it is sent', async ({ inside: { host } }) => {
    const answer = await toInside(host)(`http://${host}/echo`, {
      method: 'POST',
      body: new URLSearchParams({ a: '1' }),
    });
    expect([answer.headers.get('x-method'), await answer.text()]).toEqual(['POST', 'a=1']);
  });

  test('may answer with nothing', async ({ inside: { host } }) => {
    const answer = await toInside(host)(`http://${host}/empty`);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });

  test('sends nobody elsewhere: a redirect is an answer', async ({ inside: { host, reached } }) => {
    const answer = await toInside(host)(`http://${host}/redirect`);
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/']);
    expect(reached).toEqual(['/redirect']);
  });

  test.for([
    ['/large', 'TOO_LARGE'],
    ['/bomb', 'TOO_LARGE'],
    ['/silent', 'TIMEOUT'],
    ['/slow', 'TIMEOUT'],
    ['/broken', 'UNREACHABLE'],
  ] as const)('%s is %s', async ([path, failure], { inside: { host } }) => {
    const outboundFetch = toInside(host, { timeoutMs: 500, largestResponseBytes: 10_000 });
    expect(await failureOf(outboundFetch(`http://${host}${path}`))).toBe(failure);
  });

  test('is left alone when whoever asked gives up', async ({ inside: { host } }) => {
    const giveUp = new AbortController();
    const answer = toInside(host)(`http://${host}/silent`, { signal: giveUp.signal });
    giveUp.abort(new Error('given up'));
    await expect(answer).rejects.toThrow('given up');
  });
});
