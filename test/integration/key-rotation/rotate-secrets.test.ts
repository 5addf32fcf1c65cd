import { describe, expect } from 'vitest';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import { PLATFORM_ROOT_ID } from '../../../src/ids.ts';
import { rotateSecrets } from '../../../src/key-rotation/rotate-secrets.service.ts';
import type { RotationProgress } from '../../../src/key-rotation/rotation.ts';
import { sealedTables } from '../../../src/key-rotation/sealed-table.repository.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { commandInput, commands, readSlot } from '../../support/key-world.ts';
import {
  addOrganizations,
  countByVersion,
  KEY,
  readDataKeys,
  readSlotsUnsealed,
  readStrings,
  test,
} from '../../support/rotation-world.ts';
import { auditOf } from '../../support/rows.ts';
import { openInstallationOn } from '../../support/test-installation.ts';

describe('a rotation', () => {
  test('leaves every string and slot as it was, sealed by a new data key, and none of the old ones', async ({
    world,
  }) => {
    const { services, database } = world.keyward;
    await addOrganizations(world, 4);
    const [strings, slots, keys] = [
      await readStrings(database, services),
      await readSlotsUnsealed(database),
      await readDataKeys(database),
    ];
    expect(strings).toHaveLength(9);
    const result = await rotateSecrets(services);
    expect(result).toMatchObject({ resealed: 9, rewrapped: 0, unreadable: [] });
    expect(await readStrings(database, services)).toEqual(strings);
    expect(await readSlotsUnsealed(database)).toEqual(slots);
    expect(await countByVersion(database)).toEqual({ 2: 9 });
    const rotated = await readDataKeys(database);
    expect(rotated.map(({ root, purpose, version }) => [root, purpose, version])).toEqual(
      keys.map(({ root, purpose }) => [root, purpose, purpose === 'ENCRYPTION' ? 2 : 1]),
    );
    const fingerprintKeys = (of: typeof keys) => of.filter(({ purpose }) => purpose === 'FINGERPRINT');
    expect(fingerprintKeys(rotated)).toEqual(fingerprintKeys(keys));
    expect(new Set(rotated.map(({ wrapped }) => wrapped)).size).toBe(rotated.length);
  });

  test('is of every root provider and of the platform, and one audit row in its trail', async ({ world }) => {
    const { services, database } = world.keyward;
    const roots = (await readDataKeys(database)).map(({ root }) => root);
    expect(roots).toContain(PLATFORM_ROOT_ID);
    const seen: RotationProgress[] = [];
    const rows = await auditOf(database, () => rotateSecrets(services, (progress) => seen.push(progress)));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      action: 'secrets.rotate',
      result: 'OK',
      root_provider_id: PLATFORM_ROOT_ID,
      organization_id: null,
      actor_name: 'System',
      after: { resealed: 1, rewrapped: 0, unreadable: 0 },
    });
    const count = new Set(roots).size;
    expect(seen[0]).toMatchObject({ isTakenUp: false, rootsDone: 0, roots: count, resealed: 0 });
    expect(seen.at(-1)).toMatchObject({ isTakenUp: false, rootsDone: count, roots: count, resealed: 1 });
  });

  test('can be done again and again', async ({ world }) => {
    const { services, database } = world.keyward;
    const before = await readSlot(world);
    for (const version of [2, 3, 4]) {
      await rotateSecrets(services);
      expect(await countByVersion(database)).toEqual({ [version]: 1 });
      expect(await readSlot(world)).toEqual(before);
    }
  });

  test('seals an issuer’s client secret anew as well', async ({ world }) => {
    const { services, database } = world.keyward;
    const { rootProviderId, serviceProviderId } = world.tenants.root;
    const id = '0197a000-0000-7000-8000-000000000001';
    const context = `trusted-issuer|${id}`;
    const keys = () =>
      services.database.withTransaction(PLATFORM_SCOPE, (tx) => services.keyRing.of(tx, rootProviderId, 2));
    const first = (await keys()).seal(new Secret('client secret'), context);
    await database.query(
      `insert into trusted_issuer (root_provider_id, id, provider_id, provider_path, name, issuer, audience, client_id,
         client_secret, data_key_version, role_claim, role_mapping, domains, created_at)
       values ($1, $2, $3, $4, 'Issuer', 'https://issuer.example', 'keyward', 'client', $5, $6, 'roles', '{}', '{}', now())`,
      [rootProviderId, id, serviceProviderId, [rootProviderId], first.ciphertext, first.dataKeyVersion],
    );
    await rotateSecrets(services);
    const [row] = await database.query<{ ciphertext: Buffer; dataKeyVersion: number }>(
      'select client_secret as ciphertext, data_key_version as "dataKeyVersion" from trusted_issuer',
    );
    if (row === undefined) throw new Error('the issuer is gone');
    expect(row.dataKeyVersion).toBe(2);
    expect(row.ciphertext).not.toEqual(first.ciphertext);
    expect((await keys()).open(row, context).expose()).toBe('client secret');
  });

  test('of thousands goes by short transactions, and misses none', { timeout: 60_000 }, async ({ world }) => {
    const { services, database } = world.keyward;
    const { rootProviderId, serviceProviderId } = world.tenants.root;
    const { organizationId, rootProviderId: ownRoot } = world.organization;
    expect(ownRoot).toBe(rootProviderId);
    // The same slot a thousand times over would not open: only that it is looked at counts here.
    await database.query(
      `with made as (
         insert into organization (root_provider_id, id, provider_id, provider_path, name, name_folded, created_at)
         select $1, gen_random_uuid(), $2, array[$1]::uuid[], 'O ' || i, 'o ' || i, now() from generate_series(1, 1200) i
         returning id)
       insert into api_key (root_provider_id, organization_id, kind, provider_path, version, key_version, ciphertext,
         data_key_version, fingerprint, last_four, created_at, last_modified_at, last_modified_by_name)
       select $1, made.id, k.kind, array[$1]::uuid[], k.version, k.key_version, k.ciphertext, k.data_key_version,
         k.fingerprint, k.last_four, k.created_at, k.last_modified_at, k.last_modified_by_name
       from made, api_key k where k.organization_id = $3 and k.kind = 'CLOUD_SERVICE'`,
      [rootProviderId, serviceProviderId, organizationId],
    );
    const result = await rotateSecrets(services);
    expect(result.resealed).toBe(1);
    expect(result.unreadable).toHaveLength(1200);
    expect(new Set(result.unreadable).size).toBe(1200);
    expect(await countByVersion(database)).toEqual({ 1: 1200, 2: 1 });
  });
});

describe('what does not open', () => {
  test('is left with its data key and named, and keeps nothing else from being rotated', async ({ world }) => {
    const { services, database } = world.keyward;
    const [broken] = await addOrganizations(world, 3);
    if (broken === undefined) throw new Error('unreachable');
    await database.query(
      `update api_key set ciphertext = set_byte(ciphertext, 20, get_byte(ciphertext, 20) # 1)
       where organization_id = $1 and kind = 'CLOUD_SERVICE'`,
      [broken.organizationId],
    );
    const rows = await auditOf(database, async () => {
      const result = await rotateSecrets(services);
      const place = ['api_key', broken.rootProviderId, broken.organizationId, 'CLOUD_SERVICE'].join(' ');
      expect(result).toMatchObject({ resealed: 6, unreadable: [place] });
    });
    expect(rows[0]).toMatchObject({ after: { resealed: 6, unreadable: 1 } });
    expect(await countByVersion(database)).toEqual({ 1: 1, 2: 6 });
    await commands.REGENERATE(world.as(world.platformAdmin), commandInput(broken));
    expect(await rotateSecrets(services)).toMatchObject({ resealed: 7, unreadable: [] });
    expect(await countByVersion(database)).toEqual({ 3: 7 });
  });
});

describe('a run that did not end', () => {
  test('is taken up, and what it had done is not done again', async ({ world }) => {
    const { services, database } = world.keyward;
    await addOrganizations(world, 3);
    const strings = await readStrings(database, services);
    const error = new Error('killed');
    const dies = rotateSecrets(services, ({ rootsDone, resealed }) => {
      if (rootsDone === 2 && resealed > 0) throw error;
    });
    await expect(dies).rejects.toBe(error);
    const halfWay = await readDataKeys(database);
    const seen: RotationProgress[] = [];
    const rows = await auditOf(database, () => rotateSecrets(services, (progress) => seen.push(progress)));
    expect(seen.every(({ isTakenUp }) => isTakenUp)).toBe(true);
    expect(rows.map(({ after }) => after)).toEqual([expect.objectContaining({ resealed: strings.length })]);
    const done = await readDataKeys(database);
    const renewed = halfWay.filter(({ purpose, version }) => purpose === 'ENCRYPTION' && version === 2);
    expect(renewed.length).toBeGreaterThan(0);
    expect(done).toEqual(expect.arrayContaining(renewed));
    expect(await countByVersion(database)).toEqual({ 2: strings.length });
    expect(await readStrings(database, services)).toEqual(strings);
    const runs = await database.query('select finished_at is not null as ended, resealed from data_key_rotation');
    expect(runs).toEqual([{ ended: true, resealed: strings.length }]);
  });

  test('is one run for two processes at once', async ({ world }) => {
    const { services, database } = world.keyward;
    await addOrganizations(world, 6);
    const strings = await readStrings(database, services);
    await using other = await openInstallationOn(database, { keyEncryptionKey: KEY });
    const rows = await auditOf(database, () =>
      Promise.all([rotateSecrets(services), rotateSecrets(other.services), rotateSecrets(services)]),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ after: { resealed: strings.length, unreadable: 0 } });
    expect(await countByVersion(database)).toEqual({ 2: strings.length });
    expect(await readStrings(database, other.services)).toEqual(strings);
  });
});

describe('a server that has not seen the new data key', () => {
  test('reads and writes on: what it seals by the deleted one it seals again by the new one', async ({ world }) => {
    const { services, database } = world.keyward;
    await using other = await openInstallationOn(database, { keyEncryptionKey: KEY });
    const before = await readSlot(world); // the keys are in memory now
    await rotateSecrets(other.services);
    const ctx = world.as(world.providerAdmin);
    const changed = await commands.REGENERATE(ctx, commandInput(world.organization));
    const revealed = await commands.REVEAL(ctx, commandInput(world.organization));
    expect(revealed.keyString?.expose()).toBe(changed.keyString?.expose());
    expect(revealed.keyString?.expose()).not.toBe(before.keyString);
    expect(await countByVersion(database)).toEqual({ 2: 1 });
    expect(services.database.pool.idleCount).toBe(services.database.pool.totalCount);
  });

  test('fills an empty slot and starts a subscription just so', async ({ world }) => {
    const { database } = world.keyward;
    await using other = await openInstallationOn(database, { keyEncryptionKey: KEY });
    await readSlot(world);
    await rotateSecrets(other.services);
    const rows = await auditOf(database, () => addOrganizations(world, 1));
    expect(rows.map(({ result }) => result)).toEqual(Array(rows.length).fill('OK'));
    expect(await countByVersion(database)).toEqual({ 2: 3 });
  });
});

describe('the list of sealed tables', () => {
  test('has every table that refers to a data key, and the database knows each reference by its name', async ({
    keyward,
  }) => {
    const references = await keyward.database.query<{ table: string; name: string }>(
      `select conrelid::regclass::text as table, conname as name from pg_constraint
       where confrelid = 'data_key'::regclass and conparentid = 0 order by 1`,
    );
    expect(references.map(({ table }) => table)).toEqual(sealedTables.map(({ name }) => name).sort());
    for (const { name } of references) expect(name).toMatch(/_data_key_purpose_data_key_/);
    const columns = await keyward.database.query<{ table: string }>(
      `select attrelid::regclass::text as table from pg_attribute join pg_class c on c.oid = attrelid
       where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
         and attname in ('data_key_version', 'previous_data_key_version') order by 1`,
    );
    expect(columns).toEqual(references.map(({ table }) => ({ table })));
  });
});
