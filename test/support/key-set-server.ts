import { once } from 'node:events';
import { createServer } from 'node:http';

const publicKey = { kty: 'EC', crv: 'P-256', x: 'a', y: 'b', kid: 'one' };

/** What is answered at each path. */
const documents: Readonly<Record<string, readonly [status: number, body: string]>> = {
  good: [200, JSON.stringify({ keys: [publicKey] })],
  other: [200, JSON.stringify({ keys: [{ ...publicKey, use: 'sig' }] })],
  empty: [200, JSON.stringify({ keys: [] })],
  encrypting: [200, JSON.stringify({ keys: [{ ...publicKey, use: 'enc' }] })],
  private: [200, JSON.stringify({ keys: [publicKey, { ...publicKey, d: 'c' }] })],
  shared: [200, JSON.stringify({ keys: [{ kty: 'oct', k: 'c' }] })],
  html: [200, '<html>'],
  list: [200, JSON.stringify([publicKey])],
  forbidden: [403, JSON.stringify({ keys: [publicKey] })],
  moved: [302, ''],
  large: [200, JSON.stringify({ keys: [publicKey], more: 'x'.repeat(2e6) })],
};

export interface KeySetServer extends AsyncDisposable {
  readonly origin: string;
  readonly asked: string[];
  mood: 'UP' | 'DOWN';
}

/** Of an issuer, at the same port. */
const DISCOVERY = '/issuer/.well-known/openid-configuration';

/** Answers with key sets, good and bad, and with the discovery document of one issuer, on a port of this machine. */
export async function startKeySetServer(): Promise<KeySetServer> {
  const asked: string[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(String(url));
    if (keySets.mood === 'DOWN') {
      response.writeHead(503).end();
      return;
    }
    if (url === DISCOVERY) {
      response.end(JSON.stringify({ issuer: `${origin}/issuer`, jwks_uri: `${origin}/good` }));
      return;
    }
    const [status, body] = documents[String(url).slice(1)] ?? [404, ''];
    response.writeHead(status, status === 302 ? { location: '/good' } : {}).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;
  const keySets: KeySetServer = {
    origin,
    asked,
    mood: 'UP',
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return keySets;
}
