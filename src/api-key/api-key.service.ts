import type { RequestContext } from '../context.ts';
import type { Secret } from '../secrets/secret.ts';
import type { DisablementReason } from './api-key.ts';
import { generateNextString, openKeyString } from './key-material.ts';
import { KeyString } from './key-string.ts';
import { noteWithoutKeys } from './note-without-keys.ts';
import { parseDisable, parseEnable } from './parse-command.ts';
import { type ApiKeyInput, type ApiKeyOutcome, runKeyCommand } from './run-key-command.ts';

// DOMAIN.md, "Commands on a key". Every one may be refused with NOT_FOUND, FORBIDDEN, VALIDATION_FAILED,
// VERSION_CONFLICT and IDEMPOTENCY_KEY_REUSED, and with the codes that its row of the table gives.

/** @throws DomainError `KEY_EXISTS`, `KEY_DISABLED`, `SUBSCRIPTION_*` */
export function addApiKey(ctx: RequestContext, input: ApiKeyInput): Promise<ApiKeyOutcome> {
  return runKeyCommand(ctx, 'ADD', input, {}, async (tx, slot) => {
    const keys = await ctx.keyRing.of(tx, slot.rootProviderId);
    const keyString = KeyString.generate();
    return { command: { action: 'ADD', next: keys.fingerprint(keyString) }, keyString };
  });
}

/** @throws DomainError `KEY_NOT_FOUND`, `INVALID_KEY_FORMAT`, `KEY_UNCHANGED`, `KEY_NOT_EDITABLE`, `KEY_DISABLED`, `SUBSCRIPTION_*` */
export function editApiKey(
  ctx: RequestContext,
  input: ApiKeyInput & { readonly newKey: Secret },
): Promise<ApiKeyOutcome> {
  const given = { newKey: input.newKey.expose() };
  return runKeyCommand(ctx, 'EDIT', input, given, async (tx, slot) => {
    const keyString = KeyString.parse(input.newKey.expose());
    if (keyString === null) return { command: { action: 'EDIT', next: null }, keyString };
    const keys = await ctx.keyRing.of(tx, slot.rootProviderId);
    return { command: { action: 'EDIT', next: keys.fingerprint(keyString) }, keyString };
  });
}

/** @throws DomainError `KEY_NOT_FOUND`, `KEY_DISABLED`, `SUBSCRIPTION_*` */
export function regenerateApiKey(ctx: RequestContext, input: ApiKeyInput): Promise<ApiKeyOutcome> {
  return runKeyCommand(ctx, 'REGENERATE', input, {}, async (tx, slot) => {
    const { fingerprint, keyString } = await generateNextString(ctx, tx, slot);
    return { command: { action: 'REGENERATE', next: fingerprint }, keyString };
  });
}

/** @throws DomainError `KEY_NOT_FOUND`, `KEY_DISABLED`, `SUBSCRIPTION_*` */
export function deleteApiKey(ctx: RequestContext, input: ApiKeyInput): Promise<ApiKeyOutcome> {
  return runKeyCommand(ctx, 'DELETE', input, {}, async () => ({ command: { action: 'DELETE' }, keyString: null }));
}

/** @throws DomainError `KEY_NOT_FOUND` */
export function revealApiKey(ctx: RequestContext, input: ApiKeyInput): Promise<ApiKeyOutcome> {
  return runKeyCommand(ctx, 'REVEAL', input, {}, async (tx, slot) => {
    return { command: { action: 'REVEAL' }, keyString: await openKeyString(ctx, tx, slot) };
  });
}

/** @throws DomainError `ALREADY_DISABLED`, `NOTE_REQUIRED` */
export function disableApiKey(
  ctx: RequestContext,
  input: ApiKeyInput & { readonly reason: DisablementReason; readonly note: string | null },
): Promise<ApiKeyOutcome> {
  const { reason, note } = input;
  return runKeyCommand(ctx, 'DISABLE', input, { reason, note }, async (tx, { rootProviderId }) => {
    const kept = await noteWithoutKeys(ctx, tx, rootProviderId, note);
    return { command: parseDisable(reason, kept), keyString: null };
  });
}

/** Lifts what the caller may lift; other disablements stay. @throws DomainError `NOT_DISABLED`, `FORBIDDEN`, `NOTE_REQUIRED` */
export function enableApiKey(
  ctx: RequestContext,
  input: ApiKeyInput & { readonly note: string },
): Promise<ApiKeyOutcome> {
  return runKeyCommand(ctx, 'ENABLE', input, { note: input.note }, async (tx, { rootProviderId }) => {
    const kept = await noteWithoutKeys(ctx, tx, rootProviderId, input.note);
    return { command: parseEnable(kept), keyString: null };
  });
}
