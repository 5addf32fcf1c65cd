import { validationFailed } from '../errors.ts';
import { parseNote } from '../text.ts';
import type { ApiKeyCommand, DisablementReason, StoredDisablementReason } from './api-key.ts';
import { storedDisablementReasons } from './api-key.ts';

export type DisableCommand = Extract<ApiKeyCommand, { readonly action: 'DISABLE' }>;
export type EnableCommand = Extract<ApiKeyCommand, { readonly action: 'ENABLE' }>;

/** As the rules take it. @throws DomainError `VALIDATION_FAILED` */
export function parseDisable(reason: DisablementReason, note: string | null): DisableCommand {
  const parsed = note === null ? null : parseNote('note', note) || null;
  return { action: 'DISABLE', reason: parseReason(reason), note: parsed };
}

/** As the rules take it. @throws DomainError `VALIDATION_FAILED` */
export function parseEnable(note: string): EnableCommand {
  return { action: 'ENABLE', note: parseNote('note', note) };
}

function parseReason(reason: DisablementReason): StoredDisablementReason {
  const stored = storedDisablementReasons.find((candidate) => candidate === reason);
  if (stored !== undefined) return stored;
  throw validationFailed('reason', 'SUBSCRIPTION_EXPIRED follows from the subscription alone.');
}
