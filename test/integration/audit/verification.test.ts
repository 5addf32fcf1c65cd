import { randomBytes } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CheckpointFile, readCheckpoints } from '../../../src/audit/checkpoint-file.ts';
import type { RootReport } from '../../../src/audit/verification-text.ts';
import { newAuditedRoot, readChain, recordEvents, seal, verify } from '../../support/audit-trail.ts';
import { temporaryDirectory } from '../../support/keyward-process.ts';
import { openInstallationOn, openTestInstallation } from '../../support/test-installation.ts';

test('beside processes that write and seal there is no false alarm, and no event that is lost', async () => {
  const keyEncryptionKey = randomBytes(32);
  await using keyward = await openTestInstallation({ keyEncryptionKey });
  await using other = await openInstallationOn(keyward.database, { keyEncryptionKey });
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'checkpoints.ndjson');
  const file = await CheckpointFile.open(path);
  const roots = [newAuditedRoot(), newAuditedRoot()];
  let isWriting = true;
  const sealing = [keyward, other].map(async ({ services }) => {
    while (isWriting) {
      for (const head of await seal(services)) file.note(head);
      await file.append('ALL');
    }
  });
  const found: RootReport[] = [];
  let sawWaiting = 0;
  const verifying = (async () => {
    while (isWriting) {
      const checkpoints = await readCheckpoints(path);
      const verified = await verify(other.services, { checkpoints });
      expect(checkpoints.unreadable).toBe(0);
      found.push(...verified.roots.filter(({ breach }) => breach !== null));
      sawWaiting += verified.roots.filter(({ waiting }) => waiting > 0).length;
    }
  })();
  await Promise.all(roots.map((root) => recordEvents(keyward.services, root, 3000, 5)));
  isWriting = false;
  await Promise.all([...sealing, verifying]);
  await seal(keyward.services);
  expect(found).toEqual([]);
  expect(sawWaiting).toBeGreaterThan(0);
  const verified = await verify(keyward.services, { checkpoints: await readCheckpoints(path) });
  expect(roots.map(({ rootProviderId }) => verified.rootOf(rootProviderId))).toMatchObject([
    { events: 3000, waiting: 0, breach: null },
    { events: 3000, waiting: 0, breach: null },
  ]);
});

test('a break is found on every side of a page', async () => {
  await using keyward = await openTestInstallation();
  const { services, database } = keyward;
  const root = newAuditedRoot();
  await recordEvents(services, root, 4500);
  await seal(services);
  const chain = await readChain(database, root);
  for (const sequence of [1, 1999, 2000, 2001, 4000, 4500]) {
    const eventId = chain[sequence - 1]?.event_id;
    const where = 'where root_provider_id = $1 and id = $2';
    await database.query(`update audit_event set result = result || '!' ${where}`, [root.rootProviderId, eventId]);
    const { breach, events } = (await verify(services)).rootOf(root.rootProviderId);
    expect([breach, events]).toEqual([{ kind: 'EVENT_CHANGED', sequence, eventId }, sequence - 1]);
    await database.query(`update audit_event set result = trim('!' from result) ${where}`, [
      root.rootProviderId,
      eventId,
    ]);
  }
  expect((await verify(services)).broken).toBe(0);
});

test('checkpoints are appended once a minute for each root, and whole when a process was killed in mid-line', async () => {
  await using keyward = await openTestInstallation();
  const { services } = keyward;
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'below', 'checkpoints.ndjson');
  const file = await CheckpointFile.open(path);
  const [one, other] = [newAuditedRoot(), newAuditedRoot()];
  const sealAndAppend = async (which: 'DUE' | 'ALL') => {
    for (const head of await seal(services)) file.note(head);
    await file.append(which);
    const { byRoot, unreadable } = await readCheckpoints(path);
    const sequences = [one, other].map(({ rootProviderId }) =>
      byRoot.get(rootProviderId)?.map(({ sequence }) => sequence),
    );
    return { sequences, unreadable };
  };
  await recordEvents(services, one, 3);
  expect((await sealAndAppend('DUE')).sequences).toEqual([[3], undefined]);
  await recordEvents(services, one, 2);
  await recordEvents(services, other, 1);
  expect((await sealAndAppend('DUE')).sequences).toEqual([[3], [1]]);
  expect((await sealAndAppend('ALL')).sequences).toEqual([[3, 5], [1]]);
  expect((await sealAndAppend('ALL')).sequences).toEqual([[3, 5], [1]]);
  const [line = ''] = (await readFile(path, 'utf8')).split('\n');
  await appendFile(path, line.slice(0, 40));
  await recordEvents(services, one, 1);
  const again = await CheckpointFile.open(path);
  for (const head of await seal(services)) again.note(head);
  await again.append('ALL');
  expect(await sealAndAppend('ALL')).toEqual({ sequences: [[3, 5, 6], [1]], unreadable: 1 });
  expect((await verify(services, { checkpoints: await readCheckpoints(path) })).broken).toBe(0);
});

test('of a file of years a thousand checkpoints of a root are kept, the last among them', async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'checkpoints.ndjson');
  const { rootProviderId: root } = newAuditedRoot();
  const lines = Array.from({ length: 5001 }, (_, index) =>
    JSON.stringify({ root, sequence: index + 1, sealedAt: new Date(index).toISOString(), signature: 'x' }),
  );
  await appendFile(path, `${lines.join('\n')}\n`);
  const kept = (await readCheckpoints(path)).byRoot.get(root) ?? [];
  expect(kept.length).toBeLessThanOrEqual(1000);
  expect(kept.length).toBeGreaterThanOrEqual(500);
  expect(kept.at(-1)?.sequence).toBe(5001);
  const before = await readCheckpoints(path, new Date(2999));
  expect(before.byRoot.get(root)?.at(-1)?.sequence).toBe(3000);
  expect(before.later).toBe(2001);
});
