import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** What a receiver does with one request. */
export type Reaction =
  | { readonly kind: 'ANSWER'; readonly status: number; readonly headers?: Record<string, string> }
  /** Never answers. */
  | { readonly kind: 'HANG' }
  /** Hangs up without an answer. */
  | { readonly kind: 'BREAK' };

export const TAKEN: Reaction = { kind: 'ANSWER', status: 204 };

/** A request as it comes, before it is known what becomes of it. */
type Arrived = Omit<Received, 'reaction' | 'at'>;
type React = (id: string, url: string, request: Arrived) => Reaction;

/** One request that came. */
export interface Received {
  readonly id: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
  readonly reaction: Reaction;
}

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  /** In the order in which they came. */
  readonly received: readonly Received[];
  /** @param react asked for each request; by default all are taken */
  react(react: React): void;
}

/** A server of this machine that takes webhooks. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let react: React = () => TAKEN;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const [id, url] = [String(request.headers['webhook-id']), String(request.url)];
      const arrived = { id, url, headers: request.headers, body };
      const reaction = react(id, url, arrived);
      received.push({ ...arrived, at: performance.now(), reaction });
      show(reaction, request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const host = `127.0.0.1:${address.port}`;
  return {
    url: `http://${host}/hook`,
    host,
    received,
    react: (next) => {
      react = next;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

function show(reaction: Reaction, request: IncomingMessage, response: ServerResponse): void {
  if (reaction.kind === 'BREAK') request.socket.destroy();
  if (reaction.kind === 'ANSWER') response.writeHead(reaction.status, reaction.headers).end();
}

/** What the receiver of a webhook does with it. @throws WebhookVerificationError */
export function verified(secret: string, { body, headers }: Arrived): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}
