import { deleteApiKey, disableApiKey } from '../../src/api-key/api-key.service.ts';
import { cancelSubscription } from '../../src/subscription/subscription.service.ts';
import { commandInput, commands, type KeyWorld } from './key-world.ts';

// Brings a world's slot into a state. What no command leads to is written as the owner.

const DAY = `interval '1 day'`;

export async function emptySlot(world: KeyWorld): Promise<void> {
  await deleteApiKey(world.as(world.platformAdmin), commandInput(world.organization));
}

export async function disableByProvider(world: KeyWorld): Promise<void> {
  await disableApiKey(world.as(world.providerSupport), commandInput(world.organization));
}

export async function disableByPlatform(world: KeyWorld): Promise<void> {
  await disableApiKey(world.as(world.platformSupport), commandInput(world.organization));
}

export async function exceedThreshold(world: KeyWorld): Promise<void> {
  await world.keyward.database.query(
    `insert into disablement (root_provider_id, organization_id, kind, source, provider_path, reason, at, by_name)
     select root_provider_id, organization_id, kind, 'CALL_THRESHOLD', provider_path, 'CALL_THRESHOLD_EXCEEDED', now(), 'System'
     from api_key where organization_id = $1 and kind = 'CLOUD_SERVICE'`,
    [world.organization.organizationId],
  );
}

export async function endSubscription(world: KeyWorld): Promise<void> {
  const { organization } = world;
  await cancelSubscription(world.as(world.platformAdmin), {
    organization,
    expectedVersion: null,
    idempotencyKey: null,
  });
}

export async function takeSubscriptionAway(world: KeyWorld): Promise<void> {
  const { database } = world.keyward;
  await database.query('delete from subscription where organization_id = $1', [world.organization.organizationId]);
}

export async function postponeSubscription(world: KeyWorld): Promise<void> {
  await world.keyward.database.query(
    `update subscription set starts_at = now() + ${DAY}, provisioned_at = null where organization_id = $1`,
    [world.organization.organizationId],
  );
}

export async function addSandboxKey(world: KeyWorld): Promise<void> {
  await commands.ADD(world.as(world.orgAdmin), commandInput(world.organization, { kind: 'SANDBOX_SUBMISSION' }));
}
