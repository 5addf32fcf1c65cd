import type { RequestContext } from '../context.ts';
import { inSight } from '../database/scope.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { MailRecipientRef, ServiceProviderRef } from '../ids.ts';
import { type Page, type PageRequest, type Position, toPage } from '../page.ts';
import { countMailRecipients, findMailRecipient, findMailRecipientPage } from './mail-recipient.repository.ts';
import type { MailRecipient } from './mail-recipient.ts';

/** The oldest first. */
export const RECIPIENT_ORDER = 'CREATED_AT_ASC';

export function positionOfRecipient({ createdAt, id }: MailRecipient): Position {
  return { value: createdAt.toISOString(), id };
}

/** Those in sight, or those of one provider in sight and of the resellers below it. @throws DomainError `FORBIDDEN` */
export async function listMailRecipients(
  { actor, database }: RequestContext,
  serviceProvider: ServiceProviderRef | null,
  page: PageRequest,
): Promise<Page<MailRecipient>> {
  requirePermission(actor, 'webhook:manage');
  const { scope } = actor;
  return toPage(await database.read(scope, (tx) => findMailRecipientPage(tx, scope, serviceProvider, page)), page);
}

/** @throws DomainError `FORBIDDEN` */
export function countRecipientsInSight(
  { actor, database }: RequestContext,
  serviceProvider: ServiceProviderRef | null,
): Promise<number> {
  requirePermission(actor, 'webhook:manage');
  return database.read(actor.scope, (tx) => countMailRecipients(tx, actor.scope, serviceProvider));
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
