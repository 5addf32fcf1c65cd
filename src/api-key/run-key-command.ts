import type { AuditAction, AuditState } from '../audit/audit-event.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { TenantRow } from '../database/scope.ts';
import { DomainError } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import type { OrganizationRef } from '../ids.ts';
import { lockSlot, writeKey } from './api-key.repository.ts';
import {
  type ApiKeyAction,
  type ApiKeyCommand,
  type ApiKeyKind,
  apiKeyStatus,
  applyChange,
  decide,
  disablementSources,
  permissionFor,
  type SlotChange,
  type SlotState,
} from './api-key.ts';
import type { ApiKeyRef, LockedSlot } from './api-key-slot.ts';
import { disableSlots } from './disable-slots.ts';
import { liftDisablements } from './disablement.repository.ts';
import { openKeyString, sealKeyString } from './key-material.ts';
import type { KeyString } from './key-string.ts';

export interface ApiKeyInput {
  /** Null: an id that names nothing. */
  readonly organization: OrganizationRef | null;
  readonly kind: ApiKeyKind;
  readonly expectedVersion: number | null;
  readonly idempotencyKey: string | null;
}

export interface ApiKeyOutcome {
  readonly apiKey: ApiKeyRef;
  /** The new or revealed string; null for callers without `apiKey:reveal`, and when a replay finds it changed since. */
  readonly keyString: KeyString | null;
}

/** The command in the terms of the rules, and the string that it brings or shows. */
export interface Prepared {
  readonly command: ApiKeyCommand;
  readonly keyString: KeyString | null;
}

/** What is kept of the first answer: the version under which the string was written tells whether it is still there. */
type KeyAnswer = ApiKeyRef & { readonly keyVersion: number | null };

/** Authorize, lock, decide, write, audit: the one way in which a single slot is changed or read in the clear. */
export async function runKeyCommand(
  ctx: RequestContext,
  action: ApiKeyAction,
  input: ApiKeyInput,
  more: Readonly<Record<string, unknown>>,
  prepare: (tx: Tx, slot: LockedSlot) => Promise<Prepared>,
): Promise<ApiKeyOutcome> {
  const { organization, kind, expectedVersion, idempotencyKey } = input;
  const find = async (tx: Tx) => (organization === null ? null : lockSlot(tx, { ...organization, kind }));
  const command = {
    action: auditActionOf[action],
    input: { organization, kind, expectedVersion, ...more },
    idempotencyKey,
    target: organization?.organizationId ?? null,
    locate: find,
  };
  let keyString: KeyString | null = null;
  const { answer, replayed } = await runCommand<KeyAnswer>(ctx, command, async (tx) => {
    const slot = authorize(ctx.actor, permissionFor[action], await find(tx), 'organizationId');
    refuseMovedVersion(slot, expectedVersion);
    const prepared = await prepare(tx, slot);
    const change = decide(slot, prepared.command, ctx.actor.authority, ctx.now);
    const keyVersion = await writeChange(ctx, tx, slot, change, prepared);
    await recordKeyCommand(ctx, tx, slot, change, prepared.command);
    keyString = prepared.keyString;
    return { rootProviderId: slot.rootProviderId, organizationId: slot.organizationId, kind, keyVersion };
  });
  if (!ctx.actor.permissions.has('apiKey:reveal')) keyString = null;
  else if (replayed && showsString(action)) keyString = await readAgain(ctx, answer);
  const { keyVersion: _, ...apiKey } = answer;
  return { apiKey, keyString };
}

/** What the audit trail calls it. */
export const auditActionOf: Record<ApiKeyAction, AuditAction> = {
  ADD: 'api_key.add',
  EDIT: 'api_key.edit',
  REGENERATE: 'api_key.regenerate',
  DELETE: 'api_key.delete',
  REVEAL: 'api_key.reveal',
  DISABLE: 'api_key.disable',
  ENABLE: 'api_key.enable',
};

function showsString(action: ApiKeyAction): boolean {
  return action === 'ADD' || action === 'EDIT' || action === 'REGENERATE' || action === 'REVEAL';
}

function refuseMovedVersion(slot: LockedSlot, expectedVersion: number | null): void {
  if (expectedVersion === null || expectedVersion === slot.version) return;
  throw new DomainError(
    'VERSION_CONFLICT',
    `The key was changed meanwhile: it is at version ${slot.version}. Look at it again before you go on.`,
    ['expectedVersion'],
  );
}

/** @returns the version under which the slot's string is sealed now; null when it holds none */
async function writeChange(
  ctx: RequestContext,
  tx: Tx,
  slot: LockedSlot,
  change: SlotChange,
  { command, keyString }: Prepared,
): Promise<number | null> {
  const { id: byId, displayName: byName } = ctx.actor;
  switch (command.action) {
    case 'ADD':
    case 'EDIT':
    case 'REGENERATE': {
      if (keyString === null) throw new Error(`${command.action} was decided without a string`);
      const material = await sealKeyString(ctx, tx, slot, keyString);
      await writeKey(tx, slot, material, { at: ctx.now, byId, byName });
      return slot.version + 1;
    }
    case 'DELETE':
      await writeKey(tx, slot, null, { at: ctx.now, byId, byName });
      return null;
    case 'DISABLE':
      if (change.disable === null) throw new Error('DISABLE was decided without a source');
      await disableSlots(ctx, tx, [slot], change.disable, command);
      break;
    case 'ENABLE':
      await liftDisablements(tx, [{ slot, sources: change.lift }], ctx.now);
      break;
    case 'REVEAL':
      break;
  }
  return slot.sealed?.keyVersion ?? null;
}

async function recordKeyCommand(
  ctx: RequestContext,
  tx: Tx,
  slot: LockedSlot,
  change: SlotChange,
  command: ApiKeyCommand,
): Promise<void> {
  const isChange = command.action !== 'REVEAL';
  const after = { ...applyChange(slot, change), version: slot.version + 1 };
  await recordAudit(tx, ctx, {
    action: auditActionOf[command.action],
    subject: slot,
    target: slot.organizationId,
    result: 'OK',
    before: auditState(slot, ctx.now),
    after: isChange ? auditState(after, ctx.now) : null,
    note: noteOf(command),
  });
}

/** What the audit trail notes of a command. */
export function noteOf(command: ApiKeyCommand): string | null {
  if (command.action === 'ENABLE') return command.note;
  if (command.action !== 'DISABLE') return null;
  return command.note === null ? command.reason : `${command.reason}: ${command.note}`;
}

/** A slot as the audit trail shows it: fingerprint and states. */
export function auditState(slot: SlotState & { readonly version: number }, now: Date): AuditState {
  return {
    kind: slot.kind,
    version: slot.version,
    status: apiKeyStatus(slot, now),
    fingerprint: slot.fingerprint,
    disabledBy: disablementSources(slot, now),
  };
}

/** The string that an earlier run wrote or showed, while the slot still holds that very one: a reveal of its own. */
async function readAgain(ctx: RequestContext, answer: KeyAnswer): Promise<KeyString | null> {
  return ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    const slot = await lockSlot(tx, answer);
    if (slot?.sealed == null || slot.sealed.keyVersion !== answer.keyVersion) return null;
    await recordToldAgain(tx, ctx, slot, slot.organizationId, auditState(slot, ctx.now));
    return openKeyString(ctx, tx, slot);
  });
}

/** A replay tells its string once more: that is a reveal, and a row like any other. */
export function recordToldAgain(
  tx: Tx,
  ctx: RequestContext,
  subject: TenantRow,
  target: string,
  before: AuditState,
): Promise<void> {
  const note = 'Told again, to a retry of the command that brought or showed it.';
  return recordAudit(tx, ctx, {
    action: auditActionOf.REVEAL,
    subject,
    target,
    result: 'OK',
    before,
    after: null,
    note,
  });
}
