import { finished, Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { DomainError } from '../errors.ts';
import type { ErrorFormat } from '../graphql/error-format.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { createRunStream } from '../graphql/run-stream.ts';
import type { Actor } from '../identity/actor.ts';
import { EVENT_STREAM_HEADERS, eventsOf } from './event-stream.ts';
import { type OpenStream, OpenStreams } from './open-streams.ts';
import { parseStreamRequest } from './stream-request.ts';

/** Through one process, in all and of one caller. */
const BOUNDS = { most: 1_000, mostOfOne: 20 };
/** Whoever is signed out, or may not do any more what they could, hears nothing after this and a second. */
const RECHECK_MS = 5_000;

/** Subscriptions, answered by server-sent events. */
export function registerStream(
  app: FastifyInstance,
  schema: GraphQLSchema,
  format: ErrorFormat,
  createContext: (request: FastifyRequest) => Promise<GraphQLContext>,
): void {
  const run = createRunStream(schema, format);
  const streams = new OpenStreams(BOUNDS);
  // A stream would keep a stopping server alive.
  app.addHook('preClose', () => streams.end());
  app.route({
    url: '/graphql/stream',
    method: ['GET', 'POST'],
    exposeHeadRoute: false,
    async handler(request, reply) {
      const ctx = await createContext(request);
      const asked = parseStreamRequest(request);
      const { actor, requestId, log } = ctx;
      const stream = streams.open(actor.id ?? 'SYSTEM', () => reply.raw.destroy());
      finished(reply.raw, () => stream.close());
      stream.closed.then(() => log.info({ requestId, streams: streams.count }, 'stream ended'));
      endWhenChanged(stream, actor, async () => (await createContext(request)).actor, log);
      const answers = run(asked, { ...ctx, signal: stream.signal });
      const events = Readable.from(eventsOf(answers, stream.signal), { objectMode: false, highWaterMark: 1 });
      return reply.headers(EVENT_STREAM_HEADERS).send(events);
    },
  });
}

/** Asks again and again who listens. Whatever has changed about them, they may subscribe anew as who they are then. */
async function endWhenChanged(
  stream: OpenStream,
  before: Actor,
  authenticate: () => Promise<Actor>,
  log: Logger,
): Promise<void> {
  const { signal } = stream;
  while (!signal.aborted) {
    await wait(RECHECK_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await authenticate().then(
      (now) => {
        if (!isDeepStrictEqual(rightsOf(now), rightsOf(before))) stream.end(CHANGED);
      },
      (error: unknown) => {
        if (!(error instanceof DomainError)) log.error({ err: error }, 'a listener could not be made out again');
        stream.end(error instanceof DomainError ? error : UNSURE);
      },
    );
  }
}

const CHANGED = new DomainError('FORBIDDEN', 'What you may see or do has changed. Subscribe again.');
const UNSURE = new DomainError('INTERNAL', 'Something went wrong here. Subscribe again.');

function rightsOf({ id, role, authority, permissions, scope, onBehalfOf }: Actor) {
  return { id, role, authority, permissions, scope, onBehalfOf };
}
