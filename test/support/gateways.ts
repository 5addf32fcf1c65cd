import type { Services } from '../../src/context.ts';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { Actor } from '../../src/identity/actor.ts';
import type { OrganizationRef, ServiceProviderRef } from '../../src/ids.ts';
import { applySubscription, cancelSubscription } from '../../src/subscription/subscription.service.ts';
import type { ThresholdPeriod } from '../../src/subscription/subscription.ts';
import { type KeyWorld, readSlot } from './key-world.ts';
import { post, type RawAnswer } from './raw-http.ts';
import { createTestServiceAccount, tokenOf } from './service-accounts.ts';
import { change, offer } from './subscriptions.ts';

export interface VerifyAnswer extends RawAnswer {
  readonly body: {
    readonly valid: boolean;
    readonly code: string;
    readonly organizationId: string | null;
    readonly callsUsed: number | null;
    readonly callThreshold: number | null;
    readonly resetsAt: string | null;
  };
}

export interface TestGateway {
  readonly token: string;
  /** `POST /v1/keys/verify`. */
  verify(body: Readonly<Record<string, unknown>>): Promise<VerifyAnswer>;
}

/** A gateway in front of what a provider's organizations use, or the platform's own. */
export async function openGateway(
  server: { readonly url: string; readonly services: Services },
  creator: Actor,
  place: ServiceProviderRef | 'PLATFORM',
): Promise<TestGateway> {
  const account = await createTestServiceAccount(server.services, creator, place, ['gateway:verify']);
  return gatewayWith(server.url, await tokenOf(server.url, account));
}

export function gatewayWith(url: string, token: string): TestGateway {
  return {
    token,
    verify: async (body) => {
      const answer = await post(`${url}/v1/keys/verify`, JSON.stringify(body), { authorization: `Bearer ${token}` });
      return { ...answer, body: JSON.parse(answer.text) as VerifyAnswer['body'] };
    },
  };
}

export function globalIdOf({ rootProviderId, organizationId }: OrganizationRef): string {
  return encodeGlobalId('Organization', rootProviderId, organizationId);
}

/** The organization of a world and its key, as a client gives them. */
export async function credentialsOf(world: KeyWorld): Promise<{ organization: string; key: string }> {
  const { keyString } = await readSlot(world);
  if (keyString === null) throw new Error('the slot is empty');
  return { organization: globalIdOf(world.organization), key: keyString };
}

/** Another subscription, with so many calls in a period. */
export async function allowCalls(world: KeyWorld, callThreshold: number, thresholdPeriod: ThresholdPeriod = 'MONTH') {
  const ctx = world.as(world.platformAdmin);
  await cancelSubscription(ctx, change(world.organization));
  await applySubscription(world.as(world.platformAdmin), offer(world.organization, { callThreshold, thresholdPeriod }));
}
