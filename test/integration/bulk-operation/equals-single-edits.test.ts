import fc from 'fast-check';
import { expect } from 'vitest';
import { findSlots } from '../../../src/api-key/api-key.repository.ts';
import { deleteApiKey, disableApiKey, editApiKey } from '../../../src/api-key/api-key.service.ts';
import type { RequestContext } from '../../../src/context.ts';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import { DomainError } from '../../../src/errors.ts';
import type { OrganizationRef } from '../../../src/ids.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { cancelSubscription } from '../../../src/subscription/subscription.service.ts';
import { createTestOrganization, keyInput, YEAR_MS } from '../../support/fixtures.ts';
import { type KeyWorld, test } from '../../support/key-world.ts';
import { readString, sync, syncInput } from '../../support/sync.ts';

const KEY = 'abcDEF123456';

/** Every state of a slot that a sync can meet, and how an organization gets into it. */
const states: Readonly<Record<string, (world: KeyWorld) => Promise<OrganizationRef>>> = {
  KEY: (world) => organization(world),
  SAME: async (world) => {
    const ref = await organization(world);
    await editApiKey(platform(world), { ...keyInput(ref), newKey: new Secret(KEY) });
    return ref;
  },
  DELETED: async (world) => {
    const ref = await organization(world);
    await deleteApiKey(platform(world), keyInput(ref));
    return ref;
  },
  DISABLED_BY_PROVIDER: (world) => disabled(world, world.providerAdmin),
  DISABLED_BY_PLATFORM: (world) => disabled(world, world.platformAdmin),
  CANCELLED: async (world) => {
    const ref = await organization(world);
    await cancelSubscription(platform(world), { organization: ref, expectedVersion: null, idempotencyKey: null });
    return ref;
  },
  SCHEDULED: (world) => organization(world, { startsAt: new Date(Date.now() + YEAR_MS / 2) }),
  UNSUBSCRIBED: (world) => organization(world, null),
  OUT_OF_SIGHT: ({ keyward, tenants }) =>
    createTestOrganization(keyward.services, tenants.platformAdmin, tenants.foreignRoot),
};

function organization({ keyward, tenants }: KeyWorld, subscription: { startsAt?: Date } | null = {}) {
  return createTestOrganization(keyward.services, tenants.platformAdmin, tenants.reseller, subscription);
}

async function disabled(world: KeyWorld, by: KeyWorld['providerAdmin']): Promise<OrganizationRef> {
  const ref = await organization(world);
  await disableApiKey(world.as(by), { ...keyInput(ref), reason: 'NON_PAYMENT', note: null });
  return ref;
}

function platform(world: KeyWorld): RequestContext {
  return world.as(world.platformAdmin);
}

/** Twins came to be one after the other: of the instants that a message tells, no two are the same. */
function refusedWith({ code, message }: { readonly code: string | null; readonly message: string | null }): string {
  return `REFUSED ${code}: ${message?.replaceAll(/\d{4}-[\d:.TZ-]+/g, 'then')}`;
}

/** What the single command says of each. */
async function editOneByOne(ctx: RequestContext, refs: readonly OrganizationRef[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const ref of refs) {
    const refusal = await editApiKey(ctx, { ...keyInput(ref), newKey: new Secret(KEY) }).then(
      () => null,
      (error: unknown) => error,
    );
    if (refusal === null) outcomes.push('CHANGED');
    else if (!(refusal instanceof DomainError)) throw refusal;
    else outcomes.push(refusal.code === 'KEY_UNCHANGED' ? 'UNCHANGED' : refusedWith(refusal));
  }
  return outcomes;
}

/** All of a slot but which organization's it is and when it was changed. */
async function slotOf({ keyward }: KeyWorld, ref: OrganizationRef, isNew: boolean) {
  const { services } = keyward;
  const [slot] = await services.database.withTransaction(PLATFORM_SCOPE, (tx) =>
    findSlots(tx, [{ ...ref, kind: 'CLOUD_SERVICE' }]),
  );
  if (slot === undefined) throw new Error('an organization has a slot of every kind');
  const { version, disabledBy, lastModifiedByName } = slot;
  return { version, disabledBy, lastModifiedByName, key: isNew ? await readString(services, ref) : null };
}

const people = ['providerAdmin', 'parentAdmin', 'platformAdmin'] as const;
const fleets = fc.array(fc.constantFrom(...Object.keys(states)), { minLength: 1, maxLength: 8 });

test('a sync does what the same edits do one by one', async ({ world }) => {
  const once = fc.asyncProperty(fleets, fc.constantFrom(...people), async (fleet, person) => {
    const make = () => Promise.all(fleet.map((state) => states[state]?.(world) ?? organization(world)));
    const [synced, edited] = [await make(), await make()];
    const ctx = world.as(world[person]);
    const expected = await editOneByOne(ctx, edited);
    const input = syncInput(synced, { newKey: KEY, atomicity: 'PER_ORGANIZATION' });
    const dryRun = await sync(ctx, { ...input, dryRun: true });
    const run = await sync(ctx, input);
    const tellOf = ({ results }: typeof run) =>
      synced.map((ref, index) => {
        const givenId = input.organizations?.[index]?.text;
        const result = results.find((one) => one.organizationId === ref.organizationId || one.givenId === givenId);
        return result?.outcome === 'REFUSED' ? refusedWith(result) : result?.outcome;
      });
    expect(tellOf(run)).toEqual(expected);
    expect(tellOf(dryRun)).toEqual(expected);
    expect(dryRun.operation.status).toBe(run.operation.status);
    for (const [index, ref] of synced.entries()) {
      const twin = edited[index];
      if (twin === undefined) throw new Error('every organization has a twin');
      const isNew = expected[index] === 'CHANGED';
      expect(await slotOf(world, ref, isNew)).toEqual(await slotOf(world, twin, isNew));
    }
  });
  await fc.assert(once, { numRuns: Number(process.env['KEYWARD_FUZZ_RUNS'] ?? 10), seed: 7 });
}, 300_000);

test('an all-or-nothing sync is all of the edits, or none', async ({ world }) => {
  const once = fc.asyncProperty(fleets, async (fleet) => {
    const refs = await Promise.all(fleet.map((state) => states[state]?.(world) ?? organization(world)));
    const { services } = world.keyward;
    const before = await Promise.all(refs.map((ref) => readString(services, ref)));
    const ctx = world.as(world.providerAdmin);
    const dryRun = await sync(ctx, syncInput(refs, { newKey: KEY, dryRun: true }));
    const { operation } = await sync(ctx, syncInput(refs, { newKey: KEY }));
    const isDone = dryRun.operation.refused === 0;
    expect(operation.status).toBe(isDone ? 'SUCCEEDED' : 'FAILED');
    const after = await Promise.all(refs.map((ref) => readString(services, ref)));
    expect(after).toEqual(isDone ? refs.map(() => KEY) : before);
  });
  await fc.assert(once, { numRuns: Number(process.env['KEYWARD_FUZZ_RUNS'] ?? 10), seed: 7 });
}, 300_000);
