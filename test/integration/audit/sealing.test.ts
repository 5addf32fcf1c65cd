import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { findUnsealedEvents } from '../../../src/audit/audit-chain.repository.ts';
import { canonical } from '../../../src/audit/audit-chain.ts';
import { sealAuditTrail } from '../../../src/audit/seal-audit.service.ts';
import { PLATFORM_SCOPE, setScopeStatements } from '../../../src/database/scope.ts';
import { newAuditedRoot, readChain, recordEvents, seal, verify } from '../../support/audit-trail.ts';
import { commandInput, commands, test } from '../../support/key-world.ts';
import { openInstallationOn, openTestInstallation } from '../../support/test-installation.ts';

const WAITING = `select count(*)::int as events,
    count(*) filter (where exists (select from audit_unsealed u
      where u.root_provider_id = e.root_provider_id and u.event_id = e.id))::int as waiting
  from audit_event e`;

test('every event of every command, done or refused, waits to be sealed, and then is, in one chain for each root', async ({
  world,
}) => {
  const { services, database } = world.keyward;
  const input = commandInput(world.organization);
  await commands.REGENERATE(world.as(world.orgAdmin), input);
  await expect(commands.REGENERATE(world.as(world.orgViewer), input)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(commands.REGENERATE(world.as(world.foreignAdmin), input)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const [before] = await database.query<{ events: number; waiting: number }>(WAITING);
  expect(before?.waiting).toBe(before?.events);
  const { root, foreignRoot } = world.tenants;
  const roots = [root.rootProviderId, foreignRoot.rootProviderId].sort();
  const waiting = await verify(services);
  expect(waiting.roots.map(({ rootProviderId }) => rootProviderId).sort()).toEqual(roots);
  expect(waiting.broken).toBe(0);
  expect((await seal(services)).map(({ rootProviderId }) => rootProviderId).sort()).toEqual(roots);
  const sealed = await verify(services);
  expect(sealed).toMatchObject({ chains: 2, broken: 0, changedKeys: [], areKeysProven: true });
  expect(sealed.roots.map((report) => report.waiting)).toEqual([0, 0]);
  expect(sealed.roots.reduce((sum, { events }) => sum + events, 0)).toBe(before?.events);
});

test('the chain covers every column that an event has', async ({ keyward }) => {
  const root = newAuditedRoot();
  await recordEvents(keyward.services, root, 1);
  const columns = await keyward.database.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_name = 'audit_event'`,
  );
  const [event] = await keyward.services.database.read(PLATFORM_SCOPE, (tx) =>
    findUnsealedEvents(tx, root.rootProviderId, 1),
  );
  if (event === undefined) throw new Error('no event');
  const camelCase = (name: string) => name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  expect(Object.keys(event).sort()).toEqual(columns.map(({ name }) => camelCase(name)).sort());
  expect(JSON.parse(canonical(event))).toHaveLength(columns.length + 1);
});

test('any number of processes seal at once: every event has one link, and no number is missing or there twice', async () => {
  const keyEncryptionKey = randomBytes(32);
  await using keyward = await openTestInstallation({ keyEncryptionKey });
  await using other = await openInstallationOn(keyward.database, { keyEncryptionKey });
  const processes = [keyward.services, other.services];
  const roots = [newAuditedRoot(), newAuditedRoot(), newAuditedRoot()];
  let isWriting = true;
  const sealing = Array.from({ length: 6 }, async (_, index) => {
    const services = processes[index % 2] ?? keyward.services;
    do await seal(services);
    while (isWriting);
  });
  await Promise.all(roots.map((root) => recordEvents(keyward.services, root, 1500, 10)));
  isWriting = false;
  await Promise.all(sealing);
  await seal(keyward.services);
  for (const root of roots) {
    const chain = await readChain(keyward.database, root);
    expect(chain.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 1500 }, (_, index) => index + 1));
    expect(new Set(chain.map(({ event_id }) => event_id)).size).toBe(1500);
  }
  const verified = await verify(keyward.services);
  expect(verified.broken).toBe(0);
  expect(verified.roots.every(({ waiting, unsignedSince }) => waiting === 0 && unsignedSince === null)).toBe(true);
});

test('without the key encryption key chains grow unsigned; whoever has it signs them, also when nothing is new', async () => {
  const keyEncryptionKey = randomBytes(32);
  await using keyward = await openTestInstallation({ keyEncryptionKey });
  await using without = await openInstallationOn(keyward.database, { keyEncryptionKey: null });
  const root = newAuditedRoot();
  await recordEvents(without.services, root, 10);
  expect(await seal(without.services)).toEqual([]);
  const unsigned = await verify(without.services);
  expect(unsigned).toMatchObject({ broken: 0, areKeysProven: false });
  expect(unsigned.rootOf(root.rootProviderId)).toMatchObject({ events: 10, unsignedSince: expect.any(Date) });
  // Whoever could have had it signed is told: else a superuser could take signatures away.
  expect((await verify(keyward.services)).rootOf(root.rootProviderId).breach).toMatchObject({ kind: 'HEAD_UNSIGNED' });
  expect(await seal(keyward.services)).toMatchObject(
    [{ ...root, sequence: 10 }].map(({ rootProviderId }) => ({ rootProviderId, sequence: 10 })),
  );
  expect((await verify(keyward.services)).rootOf(root.rootProviderId)).toMatchObject({
    breach: null,
    unsignedSince: null,
  });
  expect((await verify(without.services)).broken).toBe(0);
  expect(await seal(keyward.services)).toEqual([]);
});

test('a chain that cannot go on is reported, and holds up no other', async () => {
  await using keyward = await openTestInstallation();
  const { services, database, logLines } = keyward;
  const [broken, whole] = [newAuditedRoot(), newAuditedRoot()];
  for (const root of [broken, whole]) await recordEvents(services, root, 5);
  await seal(services);
  await database.query('update audit_chain set sequence = 2 where root_provider_id = $1', [broken.rootProviderId]);
  for (const root of [broken, whole]) await recordEvents(services, root, 5);
  await seal(services);
  expect((await readChain(database, whole)).length).toBe(10);
  expect((await readChain(database, broken)).length).toBe(5);
  expect(logLines.join('')).toContain('sealing the audit trail failed');
});

test('the program can neither change nor delete what is sealed, and only the platform sees it', async ({ world }) => {
  const { services, database } = world.keyward;
  await seal(services);
  const client = await services.database.pool.connect();
  try {
    for (const sql of [
      'update audit_link set sequence = sequence',
      'delete from audit_link',
      'delete from audit_chain',
    ]) {
      await client.query(['begin', ...setScopeStatements(PLATFORM_SCOPE)].join(';'));
      await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
      await client.query('rollback');
    }
    for (const actor of [world.providerAdmin, world.orgAdmin]) {
      await client.query(['begin', ...setScopeStatements(actor.scope)].join(';'));
      for (const table of ['audit_link', 'audit_chain', 'audit_unsealed']) {
        expect((await client.query(`select from ${table}`)).rowCount).toBe(0);
      }
      await client.query('rollback');
    }
  } finally {
    client.release();
  }
  expect((await database.query('select from audit_link')).length).toBeGreaterThan(0);
});

test('is done in a stop: what is left waits for the next', async ({ keyward }) => {
  const root = newAuditedRoot();
  await recordEvents(keyward.services, root, 5);
  const options = { key: null, onSigned: () => undefined, isStopping: () => true };
  expect(await sealAuditTrail(keyward.services, options)).toBe(0);
  expect((await verify(keyward.services)).rootOf(root.rootProviderId)).toMatchObject({
    events: 0,
    waiting: 5,
    breach: null,
  });
});
