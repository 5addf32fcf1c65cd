import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';

export interface Route {
  readonly method: string;
  /** With names for its parameters: `/a/:id`. */
  readonly url: string;
}

const INITIALIZED = 'fastify.initialization';

/** Every HTTP route that is registered while `start` runs, so that a new one is tested without being listed anywhere. */
export async function routesOf<Server>(start: () => Promise<Server>): Promise<{ server: Server; routes: Route[] }> {
  const routes: Route[] = [];
  const onInitialized = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) routes.push({ method: each, url });
    });
  };
  subscribe(INITIALIZED, onInitialized);
  try {
    return { server: await start(), routes };
  } finally {
    unsubscribe(INITIALIZED, onInitialized);
  }
}
