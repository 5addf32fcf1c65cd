import { KeywardClient, type KeywardClientOptions } from '../../clients/node/src/keyward-client.ts';
import type { Services } from '../../src/context.ts';
import { organizationId } from './graphql-world.ts';
import type { KeyWorld } from './key-world.ts';
import { createTestServiceAccount } from './service-accounts.ts';
import { anyAddress } from './sign-in-from.ts';

/** What a client has sent, by method and path, each as often as it did. */
export class Wire {
  readonly #sent = new Map<string, number>();
  readonly #refused = new Map<string, number>();

  /** From somewhere else each time: a hundred logins a minute would be one too many from one place. */
  readonly fetch: typeof fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('x-forwarded-for', anyAddress());
    const name = `${init.method ?? 'GET'} ${new URL(String(input)).pathname}`;
    this.#sent.set(name, this.sent(name) + 1);
    const response = await globalThis.fetch(input, { ...init, headers });
    const { status } = response;
    const answer = `${name} ${status}`;
    this.#refused.set(answer, this.answered(name, status) + 1);
    return response;
  };

  sent(name: string): number {
    return this.#sent.get(name) ?? 0;
  }

  answered(name: string, status: number): number {
    return this.#refused.get(`${name} ${status}`) ?? 0;
  }
}

export const LOGIN = 'POST /api/v1/authenticatedSession';
export const LOOK = 'GET /api/v1/authenticatedSession';
export const FETCH_KEY = 'GET /v1/keys/current';
export const TOKEN = 'POST /oauth/token';

/** What a client of the organization is made with. @param urls of the API, and of Keyward */
export async function clientOptions(
  services: Services,
  world: KeyWorld,
  urls: Pick<KeywardClientOptions, 'baseUrl' | 'keywardUrl'>,
): Promise<KeywardClientOptions & Required<Pick<KeywardClientOptions, 'user'>>> {
  const { clientId, clientSecret } = await createTestServiceAccount(services, world.orgAdmin, world.organization, [
    'apiKey:reveal',
  ]);
  const { username, password } = world.people.orgAdmin;
  return {
    ...urls,
    organization: organizationId(world.organization),
    serviceAccount: { clientId, clientSecret },
    user: { username, password },
  };
}

/** The same without anybody who logs in: it shows the key. */
export function withoutUser({ user: _, ...options }: KeywardClientOptions): KeywardClientOptions {
  return options;
}

export async function openClient(options: KeywardClientOptions): Promise<AsyncDisposable & { client: KeywardClient }> {
  const client = new KeywardClient(options);
  return { client, [Symbol.asyncDispose]: () => client.close() };
}
