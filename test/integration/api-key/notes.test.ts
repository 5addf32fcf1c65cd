import { expect } from 'vitest';
import { maskKey } from '../../../src/api-key/key-string.ts';
import { disableApiKeys, enableApiKeys } from '../../../src/bulk-operation/bulk-commands.service.ts';
import { rejectBulkOperation } from '../../../src/bulk-operation/decide-approval.service.ts';
import type { RequestContext } from '../../../src/context.ts';
import { endDelegation } from '../../../src/delegation/answer-delegation.service.ts';
import { askForApproval } from '../../support/approvals.ts';
import { type DelegationWorld, lend, named, test } from '../../support/delegations.ts';
import { contextOf } from '../../support/fixtures.ts';
import { commandInput, commands, readSlot } from '../../support/key-world.ts';
import { rotateWithOverlap } from '../../support/rotation-policies.ts';
import { readRows } from '../../support/rows.ts';
import { bulkTarget, readString, sync, syncInput } from '../../support/sync.ts';
import { openInstallationOn } from '../../support/test-installation.ts';

/** Of twelve letters as well, and nobody's key. */
const NO_KEY = 'subscription';

const noteWith = (keyString: string) => `replaced ${keyString}, leaked: ${NO_KEY}`;
const masked = (keyString: string) => `replaced ${maskKey(keyString.slice(-4))}, leaked: ${NO_KEY}`;

async function keyOf({ keyward, organization }: DelegationWorld): Promise<string> {
  const keyString = await readString(keyward.services, organization);
  if (keyString === null) throw new Error('the slot is empty');
  return keyString;
}

/** What is kept anywhere, of whatever was written. */
async function kept({ keyward }: DelegationWorld): Promise<string> {
  return JSON.stringify(await readRows(keyward.database, []));
}

async function notesOf({ keyward }: DelegationWorld, { requestId }: RequestContext): Promise<(string | null)[]> {
  const select = 'select note from audit_event where request_id = $1 and note is not null order by id';
  return (await keyward.database.query<{ note: string | null }>(select, [requestId])).map(({ note }) => note);
}

test('a key in a note is masked wherever the note is kept, and no other word of it', async ({ both }) => {
  const key = await keyOf(both);
  const note = noteWith(key);
  const ctx = both.as(both.providerAdmin);
  await commands.DISABLE(ctx, commandInput(both.organization, { note }));
  await commands.ENABLE(ctx, commandInput(both.organization, { note }));
  const target = { ...bulkTarget(both.lent), keyKind: 'CLOUD_SERVICE' as const };
  await disableApiKeys(ctx, { ...target, reason: 'OTHER', note });
  await enableApiKeys(ctx, { ...target, note });
  await askForApproval(both, both.grantor, 0);
  const waiting = await sync(both.as(both.parentAdmin), syncInput(both.lent, { newKey: 'abcDEF123456' }));
  await rejectBulkOperation(both.as(both.platformAdmin), { operation: waiting.ref, note, idempotencyKey: null });
  const delegation = await lend(both, { note });
  await endDelegation(ctx, { ...named(delegation), note });
  expect(await kept(both)).not.toContain(key);
  const notes = await notesOf(both, ctx);
  expect(notes.length).toBeGreaterThanOrEqual(2 + 2 * both.lent.length + 1);
  for (const text of notes) expect(text).toContain(masked(key));
});

test('so is one that holds beside a new one still', async ({ both }) => {
  const { before, after } = await rotateWithOverlap(both);
  const ctx = both.as(both.providerAdmin);
  await commands.DISABLE(ctx, commandInput(both.organization, { note: `${before} and ${after}` }));
  const words = [before, after].map((word) => maskKey(word.slice(-4)));
  expect(await notesOf(both, ctx)).toEqual([`SECURITY_INCIDENT: ${words.join(' and ')}`]);
});

test('where nobody can tell whether it is a key, whatever may be one is masked', async ({ both }) => {
  const key = await keyOf(both);
  const mask = `replaced ${maskKey(key.slice(-4))}, leaked: ${maskKey('tion')}`;
  const delegation = await lend(both);
  const grantee = both.as(both.granteeAdmin.actor);
  await endDelegation(grantee, { ...named(delegation), note: noteWith(key) });
  expect(await notesOf(both, grantee)).toEqual([mask, mask]);

  await using without = await openInstallationOn(both.keyward.database, { keyEncryptionKey: null });
  const ctx = contextOf(without.services, both.providerAdmin);
  await commands.DISABLE(ctx, commandInput(both.organization, { note: noteWith(key) }));
  expect(await notesOf(both, ctx)).toEqual([`SECURITY_INCIDENT: ${mask}`]);
  expect((await readSlot(both)).disabledBy).toHaveLength(1);
  expect(await kept(both)).not.toContain(key);
});
