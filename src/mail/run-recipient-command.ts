import type { AuditAction } from '../audit/audit-event.ts';
import { type Change, recordChange } from '../audit/record-audit.ts';
import { type Outcome, runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { authorize } from '../identity/authorize.ts';
import type { MailRecipientRef } from '../ids.ts';
import { findMailRecipient, lockMailRecipient } from './mail-recipient.repository.ts';
import { auditStateOf, type MailRecipient } from './mail-recipient.ts';

export interface MailRecipientInput {
  /** Null: an id that names nothing. */
  readonly mailRecipient: MailRecipientRef | null;
  readonly idempotencyKey: string | null;
}

type RecipientAction = Extract<AuditAction, `mail_recipient.${string}`>;

/** One command on one recipient, under its lock. @throws DomainError `NOT_FOUND`, `FORBIDDEN` */
export function runRecipientCommand<Answer>(
  ctx: RequestContext,
  action: RecipientAction,
  { mailRecipient: ref, idempotencyKey }: MailRecipientInput,
  given: Readonly<Record<string, unknown>>,
  change: (tx: Tx, recipient: MailRecipient) => Promise<Answer>,
): Promise<Outcome<Answer>> {
  const locate = async (tx: Tx) => (ref === null ? null : findMailRecipient(tx, ref));
  const target = ref?.mailRecipientId ?? null;
  const command = { action, input: { mailRecipient: ref, ...given }, idempotencyKey, target, locate };
  return runCommand(ctx, command, async (tx) => {
    const locked = ref === null ? null : await lockMailRecipient(tx, ref);
    return change(tx, authorize(ctx.actor, 'webhook:manage', locked, 'mailRecipientId'));
  });
}

export function recordRecipient(
  ctx: RequestContext,
  tx: Tx,
  action: RecipientAction,
  change: Change<MailRecipient>,
): Promise<void> {
  return recordChange(tx, ctx, action, change, auditStateOf);
}
