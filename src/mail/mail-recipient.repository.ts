import type { Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import { ofProviders } from '../fleet/conditions.sql.ts';
import type { MailRecipientRef, ServiceProviderId, ServiceProviderRef } from '../ids.ts';
import type { PageRequest } from '../page.ts';
import { mailRecipientColumns } from './mail-recipient.sql.ts';
import type { MailRecipient } from './mail-recipient.ts';

const one = `select ${mailRecipientColumns} from mail_recipient r where r.root_provider_id = $1 and r.id = $2`;

const find = statement<MailRecipient>('mail_recipient.find', one);

export function findMailRecipient(tx: Tx, ref: MailRecipientRef): Promise<MailRecipient | null> {
  return tx.rowOrNull(find, [ref.rootProviderId, ref.mailRecipientId]);
}

const lock = statement<MailRecipient>('mail_recipient.lock', `${one} for update`);

export function lockMailRecipient(tx: Tx, ref: MailRecipientRef): Promise<MailRecipient | null> {
  return tx.rowOrNull(lock, [ref.rootProviderId, ref.mailRecipientId]);
}

/** By age: ids made later sort later. One longer than asked for. */
export async function findMailRecipientPage(
  tx: Tx,
  scope: Scope,
  serviceProvider: ServiceProviderRef | null,
  { first, after }: PageRequest,
): Promise<MailRecipient[]> {
  const conditions = ofProviders(scope, serviceProvider, 'r');
  if (after !== null) conditions.add('a', [after.id], (id) => `r.id > ${id}::uuid`);
  const page = statement<MailRecipient>(
    `mail_recipient.page_${conditions.code}`,
    `select ${mailRecipientColumns} from mail_recipient r where ${conditions.where} order by r.id limit $${conditions.values.push(first + 1)}`,
  );
  return tx.rows(page, conditions.values);
}

export async function countMailRecipients(
  tx: Tx,
  scope: Scope,
  serviceProvider: ServiceProviderRef | null,
): Promise<number> {
  const conditions = ofProviders(scope, serviceProvider, 'r');
  const sql = `select count(*)::int as count from mail_recipient r where ${conditions.where}`;
  return (await tx.row(statement<{ count: number }>(`mail_recipient.count_${conditions.code}`, sql), conditions.values))
    .count;
}

const countOf = statement<{ count: number }>(
  'mail_recipient.count_of_provider',
  'select count(*)::int as count from mail_recipient where root_provider_id = $1 and provider_id = $2',
);

export async function countRecipientsOf(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  providerId: ServiceProviderId,
): Promise<number> {
  return (await tx.row(countOf, [rootProviderId, providerId])).count;
}

const insert = statement<never>(
  'mail_recipient.insert',
  `insert into mail_recipient (root_provider_id, id, provider_id, provider_path, address, events, organization_ids, digest,
     cursor, created_at, created_by_name)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);

export async function insertMailRecipient(tx: Tx, recipient: MailRecipient): Promise<void> {
  const { rootProviderId, id, providerId, providerPath, address, events, organizationIds, digest } = recipient;
  await tx.count(insert, [
    ...[rootProviderId, id, providerId, providerPath, address, events, organizationIds, digest],
    ...[recipient.cursor, recipient.createdAt, recipient.createdByName],
  ]);
}

const update = statement<never>(
  'mail_recipient.update',
  `update mail_recipient set address = $3, events = $4, organization_ids = $5, digest = $6, failing_since = $7,
     disabled_at = $8, disabled_reason = $9
   where root_provider_id = $1 and id = $2`,
);

/** Of a locked one. */
export async function updateMailRecipientRow(tx: Tx, recipient: MailRecipient): Promise<void> {
  const { rootProviderId, id, address, events, organizationIds, digest } = recipient;
  const written = await tx.count(update, [
    ...[rootProviderId, id, address, events, organizationIds, digest],
    ...[recipient.failingSince, recipient.disabledAt, recipient.disabledReason],
  ]);
  if (written !== 1) throw new Error('a locked mail recipient is gone');
}

const beginAnew = statement<never>(
  'mail_recipient.begin_anew',
  `update mail_recipient set cursor = $3, due_at = null, through = null, attempts = 0, error = null, claim = null,
     claimed_until = null
   where root_provider_id = $1 and id = $2`,
);

/** It is told of what comes after the cursor; a mail that is under way is the last of before. */
export async function beginRecipientAnew(tx: Tx, { rootProviderId, id }: MailRecipient, cursor: number): Promise<void> {
  await tx.count(beginAnew, [rootProviderId, id, cursor]);
}

const remove = statement<never>(
  'mail_recipient.delete',
  'delete from mail_recipient where root_provider_id = $1 and id = $2',
);

export async function deleteMailRecipientRow(tx: Tx, { rootProviderId, id }: MailRecipient): Promise<void> {
  await tx.count(remove, [rootProviderId, id]);
}

const disable = statement<never>(
  'mail_recipient.disable',
  `update mail_recipient set disabled_at = $3, disabled_reason = 'FAILING'
   where root_provider_id = $1 and id = $2 and disabled_at is null`,
);

/** @returns whether it was not disabled yet */
export async function disableFailingRecipient(
  tx: Tx,
  { rootProviderId, id }: MailRecipient,
  now: Date,
): Promise<boolean> {
  return (await tx.count(disable, [rootProviderId, id, now])) === 1;
}
