import { request } from 'node:http';
import { describe, expect } from 'vitest';
import { SESSION_COOKIE } from '../../src/http/session-cookie.ts';
import { sendBytes } from '../support/raw-socket.ts';
import { rawRequests } from './bytes.ts';
import { bearerOf, tokenOf } from './callers.ts';
import { type Answer, Oracle } from './oracle.ts';
import { type RestInput, restInputs, wordsOfRoutes } from './rest-inputs.ts';
import { fuzz, SEED, TIMEOUT_MS } from './settings.ts';
import { type FuzzServer, type FuzzWorld, test } from './world.ts';

function send({ url }: FuzzServer, world: FuzzWorld, { by, method, path, headers, body }: RestInput): Promise<Answer> {
  const token = tokenOf(by, world);
  const cookie = token === null ? {} : { cookie: `${SESSION_COOKIE}=${token}`, 'sec-fetch-site': 'same-origin' };
  const gateway = path.startsWith('/v1/authorize') ? { 'x-keyward-gateway': world.gateway } : {};
  const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}${path}`,
      { method, headers: { ...cookie, ...gateway, ...bearerOf(by, world), ...headers, ...length } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        const received = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: received, text }));
      },
    );
    sent.on('error', reject).end(body ?? undefined);
  });
}

describe(`with any input (seed ${SEED})`, () => {
  test('every route answers, or refuses with a code of the list', { timeout: TIMEOUT_MS * 20 }, async ({
    server,
    nextWorld,
  }) => {
    const words = await wordsOfRoutes();
    const oracle = new Oracle();
    for (const route of server.routes.filter(({ method, url }) => method !== 'HEAD' && url !== '/graphql')) {
      const earlier = server.complaints.length;
      await fuzz(async () => {
        const world = await nextWorld();
        return {
          inputs: restInputs(route, world, words),
          complaintsAbout: async (input) => {
            const found = oracle.complaintsAbout(await send(server, world, input));
            return found.length === 0 ? found : [...found, ...server.complaints.slice(earlier)];
          },
        };
      });
      expect({ route, complaints: server.complaints.slice(earlier) }).toEqual({ route, complaints: [] });
    }
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  test('bytes that are hardly HTTP are refused with a code of the list', { timeout: TIMEOUT_MS }, async ({
    server,
  }) => {
    const oracle = new Oracle();
    const earlier = server.complaints.length;
    await fuzz(async () => ({
      inputs: rawRequests,
      complaintsAbout: async (bytes) => {
        const answer = await sendBytes(server.url, bytes, 100);
        return answer === null ? [] : oracle.complaintsAboutBytes(answer.status, answer.body);
      },
    }));
    expect(server.complaints.slice(earlier)).toEqual([]);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });
});
