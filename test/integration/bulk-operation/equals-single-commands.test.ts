import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { findDisablements, findSlots } from '../../../src/api-key/api-key.repository.ts';
import { type BulkCommandKind, bulkCommandKinds } from '../../../src/bulk-operation/bulk-operation.ts';
import type { RequestContext } from '../../../src/context.ts';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import { DomainError } from '../../../src/errors.ts';
import type { OrganizationRef } from '../../../src/ids.ts';
import { findCurrentSubscriptions } from '../../../src/subscription/subscription.repository.ts';
import { bulkCommands, command } from '../../support/bulk-commands.ts';
import { fleetStates, makeFleet } from '../../support/fleet-states.ts';
import { type KeyWorld, test } from '../../support/key-world.ts';
import { bulkTarget, readString } from '../../support/sync.ts';

const RUNS = { numRuns: Number(process.env['KEYWARD_FUZZ_RUNS'] ?? 8), seed: 7 };
const people = ['providerAdmin', 'parentAdmin', 'platformAdmin'] as const;
const fleetsOf = (most: number) =>
  fc.array(fc.constantFrom(...Object.keys(fleetStates)), { minLength: 1, maxLength: most });

/** Twins came to be one after the other: of the instants that a message or a state tells, no two are the same. */
function withoutInstants(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-[\d:.TZ-]+/g, 'then');
}

function refusedWith({ code, message }: { readonly code: string | null; readonly message: string | null }): string {
  return `REFUSED ${code}: ${withoutInstants(message ?? '')}`;
}

/** What the single command says of each. */
async function oneByOne(
  ctx: RequestContext,
  kind: BulkCommandKind,
  refs: readonly OrganizationRef[],
): Promise<string[]> {
  const { one, isAlreadySo } = bulkCommands[kind];
  const outcomes: string[] = [];
  for (const ref of refs) {
    const refusal = await one(ctx, ref).then(
      () => null,
      (error: unknown) => error,
    );
    if (refusal === null) outcomes.push('CHANGED');
    else if (!(refusal instanceof DomainError)) throw refusal;
    else outcomes.push(isAlreadySo(refusal) ? 'UNCHANGED' : refusedWith(refusal));
  }
  return outcomes;
}

/** Strings that differ between twins are told by this alone: whether it is still the one from before. */
const stringsOf = ({ keyward }: KeyWorld, refs: readonly OrganizationRef[]) =>
  Promise.all(refs.map((ref) => readString(keyward.services, ref)));

/** All that a command may touch, but which organization's it is and when it happened. */
async function stateOf({ keyward }: KeyWorld, ref: OrganizationRef) {
  const key = { ...ref, kind: 'CLOUD_SERVICE' as const };
  return keyward.services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const [slot] = await findSlots(tx, [key]);
    if (slot === undefined) throw new Error('an organization has a slot of every kind');
    const disablements = await findDisablements(tx, [key]);
    const [subscription] = await findCurrentSubscriptions(tx, [ref]);
    return {
      version: slot.version,
      lastModifiedByName: slot.lastModifiedByName,
      disablements: disablements.map(({ source, reason, note, byName }) => ({ source, reason, note, byName })),
      subscription: subscription && {
        version: subscription.version,
        isCancelled: subscription.cancelledAt !== null,
        days: Math.round((subscription.endsAt.getTime() - Date.now()) / 86_400_000),
      },
    };
  });
}

/** What the trail of an organization tells of one request. Fingerprints are those of strings that differ. */
async function trailOf({ keyward }: KeyWorld, { requestId }: RequestContext, ref: OrganizationRef) {
  const rows = await keyward.database.query(
    `select action, actor_name, target = organization_id::text as is_itself, result, before, after, note from audit_event
     where organization_id = $1 and request_id = $2`,
    [ref.organizationId, requestId],
  );
  return rows.map((row) => withoutInstants(JSON.stringify(row)).replaceAll(/\b[0-9a-f]{64}\b/g, 'fingerprint'));
}

describe.for(bulkCommandKinds)('%s', (kind) => {
  const { actions } = bulkCommands[kind];

  test('does to many what the single command does one by one', { timeout: 300_000 }, async ({ world }) => {
    const once = fc.asyncProperty(fleetsOf(8), fc.constantFrom(...people), async (states, person) => {
      const [many, single] = [await makeFleet(world, states), await makeFleet(world, states)];
      const before = await stringsOf(world, [...many, ...single]);
      const [ctx, other] = [world.as(world[person]), world.as(world[person])];
      const expected = await oneByOne(other, kind, single);

      const target = bulkTarget(many, { atomicity: 'PER_ORGANIZATION' });
      const dryRun = await command(world.as(world[person]), kind, { ...target, dryRun: true });
      expect(await stringsOf(world, many)).toEqual(before.slice(0, many.length));
      const run = await command(ctx, kind, target);
      const tellOf = ({ results }: typeof run) =>
        many.map((ref, index) => {
          const givenId = target.organizations?.[index]?.text;
          const result = results.find((one) => one.organizationId === ref.organizationId || one.givenId === givenId);
          return result?.outcome === 'REFUSED' ? refusedWith(result) : result?.outcome;
        });
      expect(tellOf(run)).toEqual(expected);
      expect(tellOf(dryRun)).toEqual(expected);
      expect(dryRun.operation).toMatchObject({ status: run.operation.status, changed: run.operation.changed });

      const after = await stringsOf(world, [...many, ...single]);
      const isNew = after.map((string, index) => string !== before[index]);
      expect(isNew.slice(0, many.length)).toEqual(isNew.slice(many.length));
      for (const [index, ref] of many.entries()) {
        const twin = single[index];
        if (twin === undefined) throw new Error('every organization has a twin');
        expect(await stateOf(world, ref)).toEqual(await stateOf(world, twin));
        const trail = (await trailOf(world, ctx, ref)).map((row) => row.replace(actions.many, actions.one));
        if (expected[index] !== 'UNCHANGED') expect(trail).toEqual(await trailOf(world, other, twin));
        else expect(trail).toEqual([]);
      }
    });
    await fc.assert(once, RUNS);
  });

  test('all or nothing, is all of the single commands, or none', { timeout: 300_000 }, async ({ world }) => {
    const once = fc.asyncProperty(fleetsOf(2), async (states) => {
      const refs = await makeFleet(world, states);
      const read = async () => [
        await stringsOf(world, refs),
        await Promise.all(refs.map((ref) => stateOf(world, ref))),
      ];
      const before = await read();
      const ctx = world.as(world.providerAdmin);
      const dryRun = await command(ctx, kind, bulkTarget(refs, { dryRun: true }));
      expect(await read()).toEqual(before);
      const { operation } = await command(ctx, kind, bulkTarget(refs));
      if (dryRun.operation.refused > 0) {
        expect(operation).toMatchObject({ status: 'FAILED', changed: 0 });
        expect(await read()).toEqual(before);
        return;
      }
      expect(operation).toMatchObject({ status: 'SUCCEEDED', changed: dryRun.operation.changed });
      const again = await command(ctx, kind, bulkTarget(refs, { dryRun: true }));
      expect(again.operation.changed).toBe(kind === 'REGENERATE_API_KEY' ? refs.length : 0);
    });
    await fc.assert(once, RUNS);
  });
});
