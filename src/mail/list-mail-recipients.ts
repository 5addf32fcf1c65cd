import type { RequestContext } from '../context.ts';
import { inSight } from '../database/scope.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { MailRecipientRef } from '../ids.ts';
import { type Page, type PageRequest, type Position, toPage } from '../page.ts';
import { countMailRecipients, findMailRecipient, findMailRecipientPage } from './mail-recipient.repository.ts';
import type { MailRecipient } from './mail-recipient.ts';

/** The oldest first. */
export const RECIPIENT_ORDER = 'CREATED_AT_ASC';

export function positionOfRecipient({ createdAt, id }: MailRecipient): Position {
  return { value: createdAt.toISOString(), id };
}

/** Every one in sight. @throws DomainError `FORBIDDEN` */
export async function listMailRecipients(ctx: RequestContext, page: PageRequest): Promise<Page<MailRecipient>> {
  const { actor, database } = ctx;
  requirePermission(actor, 'webhook:manage');
  return toPage(await database.read(actor.scope, (tx) => findMailRecipientPage(tx, actor.scope, page)), page);
}

/** @throws DomainError `FORBIDDEN` */
export function countRecipientsInSight({ actor, database }: RequestContext): Promise<number> {
  requirePermission(actor, 'webhook:manage');
  return database.read(actor.scope, (tx) => countMailRecipients(tx, actor.scope));
}

/** Null when it does not exist, is out of sight, or the caller does not manage webhooks. */
export async function lookUpMailRecipient(
  { actor, database }: RequestContext,
  ref: MailRecipientRef,
): Promise<MailRecipient | null> {
  if (!actor.permissions.has('webhook:manage')) return null;
  const found = await database.read(actor.scope, (tx) => findMailRecipient(tx, ref));
  return found !== null && inSight(actor.scope, found) ? found : null;
}

/** The address that mails are from; null while there is no mail server, and so nothing is sent. @throws DomainError `FORBIDDEN` */
export function mailSender({ actor, mailer }: RequestContext): string | null {
  requirePermission(actor, 'webhook:manage');
  return mailer?.from ?? null;
}
