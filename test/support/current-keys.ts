import { runBulkOperation } from '../../src/bulk-operation/run-bulk-operation.service.ts';
import { planRotation } from '../../src/rotation/plan-rotation.service.ts';
import { organizationId } from './graphql-world.ts';
import type { KeyWorld } from './key-world.ts';
import { type RawAnswer, send } from './raw-http.ts';
import { createTestServiceAccount, type TestServiceAccount, tokenOf } from './service-accounts.ts';
import { bulkTarget } from './sync.ts';
import type { TestServer } from './test-installation.ts';

export interface CurrentKeyAnswer extends RawAnswer {
  readonly body: {
    readonly apiKey?: string;
    readonly kind?: string;
    readonly version?: number;
    readonly lastModifiedAt?: string;
    readonly overlapEndsAt?: string | null;
    readonly code?: string;
  };
}

/** A program that fetches its organization's key. */
export interface Fetcher {
  readonly account: TestServiceAccount;
  readonly token: string;
  fetch(query?: string, headers?: Readonly<Record<string, string>>): Promise<CurrentKeyAnswer>;
}

export async function askForKey(
  url: string,
  query: string,
  headers: Readonly<Record<string, string>>,
): Promise<CurrentKeyAnswer> {
  const answer = await send(`${url}/v1/keys/current?${query}`, { headers });
  return { ...answer, body: answer.text === '' ? {} : (JSON.parse(answer.text) as CurrentKeyAnswer['body']) };
}

/** Of the organization itself, with all that it takes. */
export async function openFetcher(
  { url, services }: Pick<TestServer, 'url' | 'services'>,
  world: KeyWorld,
): Promise<Fetcher> {
  const account = await createTestServiceAccount(services, world.orgAdmin, world.organization, ['apiKey:reveal']);
  const token = await tokenOf(url, account);
  const own = `organization=${organizationId(world.organization)}`;
  return {
    account,
    token,
    fetch: (query = own, headers = {}) => askForKey(url, query, { authorization: `Bearer ${token}`, ...headers }),
  };
}

/** A planned rotation comes to its time: beside the new string the old one works as long as it is told. The provider allows it. */
export async function rotateAsPlanned(world: KeyWorld, overlapMinutes = 60): Promise<void> {
  const runAt = new Date(Date.now() + 1000);
  const ref = await planRotation(world.as(world.providerAdmin), {
    ...bulkTarget([world.organization]),
    ...{ runAt, newKey: null, sharedString: false, overlapMinutes, overlapGraceMinutes: 15 },
  });
  await runBulkOperation(world.keyward.services, ref, undefined, () => runAt);
}
