import { expect, vi } from 'vitest';
import { regenerateApiKey } from '../../../src/api-key/api-key.service.ts';
import { payloadOf } from '../../../src/events/event-payload.type.ts';
import type { ServiceProviderId } from '../../../src/ids.ts';
import { fanOutEvents } from '../../../src/webhook/fan-out.service.ts';
import { LanesUnderWay } from '../../../src/webhook/lanes-under-way.ts';
import { type SendingTerms, takeLanes } from '../../../src/webhook/send-lanes.service.ts';
import { createTestOrganization, keyInput } from '../../support/fixtures.ts';
import type { KeyWorld } from '../../support/key-world.ts';
import type { Receiver } from '../../support/webhook-receiver.ts';
import { test } from '../../support/webhook-world.ts';
import { createEndpoint, seal, startSending } from '../../support/webhooks.ts';

/** Endpoints of two tenants, two of them of the first, and an event for each. */
async function threeToTell({ as, ...world }: KeyWorld, { url }: Receiver) {
  const { platformAdmin, root, reseller, foreignRoot } = world.tenants;
  const broken = await createEndpoint(as(world.providerAdmin), reseller, `${url}/broken`);
  await createEndpoint(as(world.parentAdmin), root, `${url}/beside`);
  await createEndpoint(as(world.foreignAdmin), foreignRoot, `${url}/foreign`);
  const foreign = await createTestOrganization(world.keyward.services, platformAdmin, foreignRoot);
  for (const organization of [world.organization, foreign]) {
    await regenerateApiKey(as(world.platformAdmin), keyInput(organization));
  }
  await seal(world.keyward.services);
  return { broken };
}

async function untilTold({ keyward }: KeyWorld, receiver: Receiver, urls: readonly string[]): Promise<void> {
  await using _ = startSending(keyward.services, receiver.host, 5000);
  await vi.waitFor(() => expect(receiver.received.map(({ url }) => url).sort()).toEqual(urls), 20_000);
}

test('an endpoint whose secret does not open keeps nobody else from being told', async ({ world, receiver }) => {
  const { broken } = await threeToTell(world, receiver);
  await world.keyward.database.query(
    `update webhook_endpoint set ciphertext = set_byte(ciphertext, 20, 255 - get_byte(ciphertext, 20)) where id = $1`,
    [broken.ref.webhookEndpointId],
  );
  await untilTold(world, receiver, ['/hook/beside', '/hook/foreign']);
});

test('a tenant whose lanes cannot be taken keeps no other from being told', async ({ world, receiver }) => {
  const { database } = world.keyward;
  await threeToTell(world, receiver);
  await database.query(`create function refuse() returns trigger language plpgsql as $$ begin raise 'not now'; end $$`);
  await database.query(
    `create trigger refuse before update on webhook_lane for each row
     when (old.root_provider_id = '${world.tenants.root.rootProviderId}') execute function refuse()`,
  );
  await untilTold(world, receiver, ['/hook/foreign']);
  await database.query('drop trigger refuse on webhook_lane');
  await untilTold(world, receiver, ['/hook/beside', '/hook/broken', '/hook/foreign']);
});

const TERMS: SendingTerms = {
  ...{ post: () => Promise.reject(new Error('nothing is sent')), payloadOf, isStopping: () => false },
  ...{ leaseMs: 60_000, mostOfEndpoint: 10, mostOfFailing: 2, inTurn: (write) => write() },
};

test('a tenant with much to send leaves room for the others', async ({ world, receiver }) => {
  const { services } = world.keyward;
  const { platformAdmin, root, reseller, foreignRoot } = world.tenants;
  await threeToTell(world, receiver);
  for (let count = 0; count < 7; count++) {
    const organization = await createTestOrganization(services, platformAdmin, reseller);
    await regenerateApiKey(world.as(world.platformAdmin), keyInput(organization));
  }
  await seal(services);
  await fanOutEvents(services, () => false);
  const underWay = new LanesUnderWay(8);
  const taken: ServiceProviderId[] = [];
  const take = async () => {
    for await (const { claim } of takeLanes(services, TERMS, underWay)) {
      underWay.enter(claim);
      taken.push(claim.rootProviderId);
    }
    return [root, foreignRoot].map(({ rootProviderId }) => taken.filter((id) => id === rootProviderId).length);
  };
  expect(await take()).toEqual([4, 1]);
  expect(await take()).toEqual([4, 1]);
});
