import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
/** `BREAK`: the connection is cut instead. */
type Reaction = ScriptedAnswer | 'BREAK';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly atMs: number;
}

export interface ScriptedApi extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
}

/** A server that answers as `react` says. */
export async function startScriptedApi(react: (request: Received) => Reaction): Promise<ScriptedApi> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = '', url = '', headers } = request;
    const asked = { method, url, headers, body, atMs: performance.now() };
    received.push(asked);
    const reaction = react(asked);
    if (reaction === 'BREAK') request.socket.destroy();
    else response.writeHead(reaction.status, { ...reaction.headers }).end(reaction.body ?? '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
