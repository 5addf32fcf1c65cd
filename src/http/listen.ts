import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { SetupError } from '../setup-error.ts';

const LONGEST_DRAIN_MS = 20_000;

/**
 * @param settings the names of those that say where
 * @returns the port, also when any free one was asked for
 * @throws SetupError when nobody can listen there
 */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
  settings: { readonly host: string; readonly port: string },
): Promise<number> {
  try {
    await app.listen({ host, port });
    const address = app.server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const advice =
      code === 'EADDRINUSE'
        ? `Port ${port} is in use by another program: stop it, or set ${settings.port} to a free one.`
        : `Cannot listen on ${host}:${port} (${String(code)}): set ${settings.host} and ${settings.port} to an address of this machine.`;
    throw new SetupError(advice, { cause });
  }
}

/** Requests under way are answered; what takes longer than the limit is cut off. */
export async function drain(app: FastifyInstance): Promise<void> {
  const timeout = new AbortController();
  const cutOff = wait(LONGEST_DRAIN_MS, undefined, { signal: timeout.signal }).then(
    () => app.server.closeAllConnections(),
    () => undefined,
  );
  await app.close();
  timeout.abort();
  await cutOff;
}
