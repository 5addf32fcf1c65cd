import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface GuardedApi extends AsyncDisposable {
  readonly url: string;
  /** What became of the calls so far, by status. */
  readonly answered: ReadonlyMap<number, number>;
}

const SHOWN = ['cookie', 'x-api-key', 'x-organization'];

/**
 * An API with a gateway before it, which asks Keyward about every call and lets it pass only when Keyward says so: a denial
 * is passed on with its status, and 503 is what nobody decided about.
 * @param credentials of the gateway
 */
export async function startGuardedApi(
  keywardUrl: string,
  credentials: Readonly<Record<string, string>>,
): Promise<GuardedApi> {
  const answered = new Map<number, number>();
  const decide = async (method: string, headers: IncomingHttpHeaders) => {
    const shown = SHOWN.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : []));
    const asked = { ...Object.fromEntries(shown), ...credentials, 'x-forwarded-method': method };
    const { status } = await fetch(`${keywardUrl}/v1/authorize`, { headers: asked });
    return status === 204 ? 200 : status;
  };
  const server = createServer(async (request, response) => {
    request.resume();
    const status = await decide(request.method ?? 'GET', request.headers).catch(() => 503);
    answered.set(status, (answered.get(status) ?? 0) + 1);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ path: request.url }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    answered,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
