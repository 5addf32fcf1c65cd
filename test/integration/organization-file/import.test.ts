import { describe, expect } from 'vitest';
import { createOrganization } from '../../../src/organization/organization.service.ts';
import { startImport } from '../../../src/organization-file/start-import.service.ts';
import { applySubscription } from '../../../src/subscription/subscription.service.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { asked, fileOf, importFile } from '../../support/import-files.ts';
import { type KeyWorld, test } from '../../support/key-world.ts';
import { type AuditRow, auditOf, readRows } from '../../support/rows.ts';

const HEADER = 'name,externalId,plan,startsAt,endsAt,callThreshold,thresholdPeriod';
const PEOPLE = `${HEADER}
Alpha,A-1,Business,2026-01-01,2126-01-01,100,DAY
Beta,,,,,,
Gamma,G-1,Basic,2099-01-01,2100-01-01,,
Delta,,Basic,,2100-01-01T00:00:00+01:00,,
`;

/** What is the same of an organization however it was made. */
async function organizationsOf(world: KeyWorld, provider: { serviceProviderId: string }) {
  return world.keyward.database.query(
    `select o.name, o.name_folded, o.external_id, o.provider_path::text[] <> '{}' as placed, s.plan, s.ends_at, s.call_threshold,
       s.threshold_period, s.version, s.previous_ended_at, s.cancelled_at, s.superseded_at, s.provisioned_at = s.created_at as started,
       s.starts_at = s.created_at as "startsNow", k.kind, k.version as "keyVersion", k.key_version as "keyKeyVersion", k.ciphertext is null as empty,
       length(k.last_four) as four, k.created_at = s.created_at as "keyCreated", k.last_modified_at = k.created_at as modified,
       k.last_modified_by_id, k.last_modified_by_name, k.data_key_version
     from organization o join api_key k on k.organization_id = o.id left join subscription s on s.organization_id = o.id
     where o.provider_id = $1 and o.name ~ '^(Alpha|Beta|Gamma|Delta)$' order by o.name, k.kind`,
    [provider.serviceProviderId],
  );
}

function comparable(rows: readonly AuditRow[]) {
  return rows
    .filter(({ action }) => !action.startsWith('bulk_operation'))
    .map(
      ({
        action,
        actor_id,
        actor_name,
        actor_role,
        result,
        before,
        after,
        note,
        ip_address,
        organization_id,
        target,
      }) => {
        const { startsAt: _, ...state } = after ?? {};
        const known = { ...state, fingerprint: 'fingerprint' in state ? typeof state['fingerprint'] : null };
        return {
          action,
          actor_id,
          actor_name,
          actor_role,
          result,
          before,
          known,
          note,
          ip_address,
          own: organization_id === target,
        };
      },
    );
}

describe('an import', () => {
  test('writes what the single commands write, audit rows included', async ({ world }) => {
    const { root, reseller } = world.tenants;
    const admin = world.parentAdmin;
    const imported = await auditOf(world.keyward.database, () => importFile(world, admin, reseller, PEOPLE));
    const single = await auditOf(world.keyward.database, async () => {
      for (const line of PEOPLE.trim().split('\n').slice(1)) {
        const [name = '', externalId, plan, startsAt, endsAt, threshold, period] = line.split(',');
        const ctx = world.as(admin);
        const organization = await createOrganization(ctx, {
          serviceProvider: root,
          name,
          externalId: externalId || null,
          idempotencyKey: null,
        });
        if (!plan) continue;
        await applySubscription(ctx, {
          organization,
          plan,
          startsAt: startsAt ? new Date(startsAt) : null,
          endsAt: new Date(endsAt ?? ''),
          callThreshold: threshold ? Number(threshold) : null,
          thresholdPeriod: period === 'DAY' ? 'DAY' : null,
          idempotencyKey: null,
        });
      }
    });
    expect(comparable(imported)).toEqual(comparable(single));
    expect(comparable(imported).map(({ action }) => action)).toContain('api_key.provision');
    const made = await organizationsOf(world, reseller);
    expect(made).toHaveLength(8);
    expect(made).toEqual(await organizationsOf(world, root));
    const around = imported.filter(({ action }) => action.startsWith('bulk_operation'));
    expect(around).toMatchObject([
      { action: 'bulk_operation.start', after: { total: 4, atomicity: 'ALL_OR_NOTHING' } },
      { action: 'bulk_operation.finish', after: { status: 'SUCCEEDED', changed: 4 } },
    ]);
  });

  test('of the same file again changes nothing', async ({ world }) => {
    const { providerAdmin, tenants } = world;
    for (const atomicity of ['ALL_OR_NOTHING', 'PER_ORGANIZATION'] as const) {
      const { operation } = await importFile(world, providerAdmin, tenants.reseller, PEOPLE, { atomicity });
      expect(operation.refused).toBe(0);
    }
    const before = await readRows(world.keyward.database, [
      'bulk_operation',
      'import_row',
      'audit_event',
      'audit_unsealed',
    ]);
    const again = await importFile(world, providerAdmin, tenants.reseller, PEOPLE);
    expect(again.operation).toMatchObject({
      status: 'SUCCEEDED',
      changed: 0,
      unchanged: 4,
      refused: 0,
      doneThrough: 4,
    });
    expect(
      await readRows(world.keyward.database, ['bulk_operation', 'import_row', 'audit_event', 'audit_unsealed']),
    ).toEqual(before);
  });

  const MIXED = `name,externalId,plan,endsAt\nGood,G,,\n,H,,\nGood too,H2,Basic,2000-01-01\ngood,,,\nLast,L,,\n`;

  test.for([false, true])(
    'of a file with bad rows writes nothing, all or nothing (dry run: %s)',
    async (dryRun, { world }) => {
      const without = ['bulk_operation', 'import_row', 'audit_event', 'audit_unsealed', 'audit_link', 'audit_chain'];
      const before = await readRows(world.keyward.database, without);
      const { operation, rows } = await importFile(world, world.providerAdmin, world.tenants.reseller, MIXED, {
        dryRun,
      });
      expect(operation).toMatchObject({ status: 'FAILED', changed: dryRun ? 2 : 0, unchanged: 0, refused: 3 });
      expect(rows.flatMap(({ errors }) => errors ?? [])).toMatchObject([
        { row: 3, column: 'name', code: 'VALIDATION_FAILED' },
        { row: 4, column: 'endsAt', code: 'VALIDATION_FAILED' },
        { row: 5, column: 'name', code: 'DUPLICATE_NAME', message: expect.stringContaining('Row 2') },
      ]);
      expect(await readRows(world.keyward.database, without)).toEqual(before);
    },
  );

  test('row by row imports the others', async ({ world }) => {
    const { reseller } = world.tenants;
    const more = { atomicity: 'PER_ORGANIZATION' } as const;
    const { operation, rows } = await importFile(world, world.providerAdmin, reseller, MIXED, more);
    expect(operation).toMatchObject({
      status: 'PARTIALLY_SUCCEEDED',
      changed: 2,
      unchanged: 0,
      refused: 3,
      doneThrough: 5,
    });
    expect(rows.map(({ outcome }) => outcome)).toEqual([null, 'REFUSED', 'REFUSED', 'REFUSED', null]);
    const found = await world.keyward.database.query(
      `select name from organization where provider_id = $1 and name in ('Good', 'Last')`,
      [reseller.serviceProviderId],
    );
    expect(found).toHaveLength(2);
  });

  test('of organizations that are there with other data is refused, by row and column', async ({ world }) => {
    const { providerAdmin, tenants } = world;
    await importFile(world, providerAdmin, tenants.reseller, PEOPLE);
    const changed = `${HEADER}
Alphabet,A-1,Business,2026-01-01,2126-01-01,100,DAY
Beta,B-1,,,,,
BETA,,,,,,
Gamma,,,,,,
Alpha,A-1,Business,2026-01-02,2126-01-01,100,DAY
Delta,,Basic,,2100-01-01,,
`;
    const { rows } = await importFile(world, providerAdmin, tenants.reseller, changed, {
      atomicity: 'PER_ORGANIZATION',
    });
    expect(rows.flatMap(({ errors }) => errors ?? []).map(({ row, column, code }) => [row, column, code])).toEqual([
      [2, 'name', 'DUPLICATE_NAME'],
      [3, 'name', 'DUPLICATE_NAME'],
      [4, 'name', 'DUPLICATE_NAME'],
      [5, 'externalId', 'DUPLICATE_NAME'],
      [6, 'externalId', 'DUPLICATE_NAME'],
      [7, 'endsAt', 'SUBSCRIPTION_EXISTS'],
    ]);
  });

  test('under an idempotency key is one import; another file under it is refused', async ({ world }) => {
    const input = { ...asked(world, PEOPLE), idempotencyKey: 'once' };
    const first = await startImport(world.as(world.providerAdmin), input);
    expect(await startImport(world.as(world.providerAdmin), input)).toEqual(first);
    const other = { ...input, file: fileOf(`${PEOPLE}More,,,,,,\n`) };
    expect((await refusalOf(() => startImport(world.as(world.providerAdmin), other))).code).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
  });
});

describe('who may import', () => {
  const action = 'bulk_operation.start';

  test('a foreign provider answers as a missing one', async ({ world }) => {
    const { keyward, foreignAdmin, siblingAdmin, tenants } = world;
    for (const actor of [foreignAdmin, siblingAdmin]) {
      const trail = actor.home;
      const expected = { code: 'NOT_FOUND', action, actor, trail } as const;
      const foreign = await expectRefusal(keyward.database, expected, () =>
        startImport(world.as(actor), asked(world, PEOPLE)),
      );
      const none = { ...asked(world, PEOPLE), serviceProvider: null };
      const missing = await expectRefusal(keyward.database, expected, () => startImport(world.as(actor), none));
      expect(foreign.error.message).toBe(missing.error.message);
    }
    expect(tenants.reseller).toBeDefined();
  });

  test.for(['providerSupport', 'providerViewer', 'orgAdmin'] as const)(
    'not %s, who sees the provider',
    async (person, { world }) => {
      const refused = await refusalOf(() => startImport(world.as(world[person]), asked(world, PEOPLE)));
      expect(refused.code).toBe('FORBIDDEN');
    },
  );

  test('a file with subscriptions is for those who may manage them', async ({ world }) => {
    const permissions = new Set([...world.providerAdmin.permissions].filter((name) => name !== 'subscription:manage'));
    const actor = { ...world.providerAdmin, permissions };
    const trail = { rootProviderId: world.tenants.reseller.rootProviderId, organizationId: null };
    await expectRefusal(world.keyward.database, { code: 'FORBIDDEN', action, actor, trail }, () =>
      startImport(world.as(actor), asked(world, PEOPLE)),
    );
    const { operation } = await importFile(world, actor, world.tenants.reseller, 'name\nOnly a name\n');
    expect(operation.status).toBe('SUCCEEDED');
  });

  test('a broken file changes nothing, and is an event', async ({ world }) => {
    const { keyward, providerAdmin, tenants } = world;
    const trail = { rootProviderId: tenants.reseller.rootProviderId, organizationId: null };
    const broken: [string | Uint8Array, number | null, string | null][] = [
      ['', 1, null],
      ['name\n', 2, null],
      ['title\nx\n', 1, null],
      ['externalId\nx\n', 1, 'name'],
      ['name,name\nx,y\n', 1, 'name'],
      ['name\nfine\nx"y\n', 3, null],
      ['name\nfine\n"never closed\n', 3, null],
      [Buffer.from('name\nfine\nZ\xfcrich\n', 'latin1'), 3, null],
      [Buffer.from('\ufeffname\nfine\n', 'utf16le'), 1, null],
      [`name\n${'x'.repeat(70_000)}\n`, 2, null],
    ];
    for (const [content, row, column] of broken) {
      const expected = { code: 'VALIDATION_FAILED', action, actor: providerAdmin, trail } as const;
      const { error } = await expectRefusal(keyward.database, expected, () =>
        startImport(world.as(providerAdmin), { ...asked(world, ''), file: fileOf(content) }),
      );
      expect([error.message, error]).toMatchObject([expect.any(String), { row, column }]);
    }
  });
});
