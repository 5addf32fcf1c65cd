import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { eventColumns, eventJoins } from '../events/event.sql.ts';
import type { Event } from '../events/event.ts';
import { actionsOf, type EventType, eventTypes } from '../events/event-type.ts';
import type { MailRecipientId, MailRecipientRef, ServiceProviderId } from '../ids.ts';
import type { MailDigest } from './digest.ts';
import { mailRecipientColumns } from './mail-recipient.sql.ts';
import type { MailRecipient } from './mail-recipient.ts';

const listBehind = statement<{ id: ServiceProviderId }>(
  'mail_digest.list_behind',
  `select distinct r.root_provider_id as id from mail_recipient r
   join audit_chain c on c.root_provider_id = r.root_provider_id
   where r.disabled_at is null and r.due_at is null and r.cursor < c.sequence`,
);

/** The roots with events that some recipient without a mail to come has not been looked at for. */
export async function findRootsBehind(tx: Tx): Promise<ServiceProviderId[]> {
  return (await tx.rows(listBehind, [])).map(({ id }) => id);
}

/** Which events `a` are for recipient `r`: those of `t (action, type)` that it has chosen. */
const isFor = `r.provider_id = any (a.provider_path) and t.type = any (r.events)
  and (r.organization_ids is null or a.organization_id = any (r.organization_ids))`;

export interface LookedAt {
  readonly id: MailRecipientId;
  readonly digest: MailDigest;
  readonly lastSentAt: Date | null;
  /** As far as was looked. */
  readonly through: number;
  /** The first event that is for it; null when there is none up to there. */
  readonly first: number | null;
}

const look = statement<LookedAt>(
  'mail_digest.look',
  `select r.id, r.digest, r.last_sent_at as "lastSentAt", least(c.sequence, r.cursor + $2)::float8 as through,
     (select l.sequence from audit_link l
      join audit_event a on a.root_provider_id = l.root_provider_id and a.id = l.event_id
      join unnest($3::text[], $4::text[]) t (action, type) on t.action = a.action
      where l.root_provider_id = r.root_provider_id and l.sequence > r.cursor and l.sequence <= r.cursor + $2
        and a.result = 'OK' and ${isFor}
      order by l.sequence limit 1)::float8 as first
   from mail_recipient r join audit_chain c on c.root_provider_id = r.root_provider_id
   where r.root_provider_id = $1 and r.disabled_at is null and r.due_at is null and r.cursor < c.sequence
   order by r.id for update of r skip locked`,
);

/** Of one root: what the next so many events are to each recipient that is behind and that nobody else is at. */
export function lookAtRecipients(tx: Tx, rootProviderId: ServiceProviderId, most: number): Promise<LookedAt[]> {
  return tx.rows(look, [rootProviderId, most, ...everyAction(eventTypes)]);
}

const moveOn = statement<never>(
  'mail_digest.move_on',
  `update mail_recipient r set cursor = w.cursor, due_at = w.due_at
   from unnest($2::uuid[], $3::bigint[], $4::timestamptz[]) w (id, cursor, due_at)
   where r.root_provider_id = $1 and r.id = w.id`,
);

/** Of locked ones: up to where there was nothing for each, and when it is told of what comes then. */
export async function moveRecipientsOn(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  moves: readonly { readonly id: MailRecipientId; readonly cursor: number; readonly dueAt: Date | null }[],
): Promise<void> {
  const [ids, cursors] = [moves.map(({ id }) => id), moves.map(({ cursor }) => cursor)];
  await tx.count(moveOn, [rootProviderId, ids, cursors, moves.map(({ dueAt }) => dueAt)]);
}

/** A time further ahead than any pause ($2) was written by a clock that was wrong. */
const isDue = `r.disabled_at is null and (r.due_at <= $1 or r.due_at > $2)
  and (r.claimed_until is null or r.claimed_until <= $1 or r.claimed_until > $2)`;

const LONGEST_PAUSE_MS = 25 * 3600 * 1000;

const listDue = statement<MailRecipientRef>(
  'mail_digest.list_due',
  `select r.root_provider_id as "rootProviderId", r.id as "mailRecipientId" from mail_recipient r
   where ${isDue} order by r.due_at limit $3`,
);

export function findDueRecipients(tx: Tx, now: Date, most: number): Promise<MailRecipientRef[]> {
  return tx.rows(listDue, [now, latestPause(now), most]);
}

/** A recipient that this process writes to now: of what comes after its cursor, up to a sequence. */
export interface DigestClaim {
  readonly token: string;
  readonly recipient: MailRecipient;
  readonly through: number;
  readonly providerName: string;
}

const claim = statement<MailRecipient & { through: number; providerName: string }>(
  'mail_digest.claim',
  `update mail_recipient r set claim = $5, claimed_until = $6, through = coalesce(r.through, c.sequence)
   from audit_chain c, service_provider p
   where r.root_provider_id = $3 and r.id = $4 and c.root_provider_id = r.root_provider_id
     and p.root_provider_id = r.root_provider_id and p.id = r.provider_id and ${isDue}
   returning ${mailRecipientColumns}, r.through::float8 as through, p.name as "providerName"`,
);

/** Null when somebody else has it, or had it meanwhile. What an attempt told of is what the next one tells of. */
export async function claimRecipient(
  tx: Tx,
  ref: MailRecipientRef,
  { token, claimedUntil, now }: { readonly token: string; readonly claimedUntil: Date; readonly now: Date },
): Promise<DigestClaim | null> {
  const { rootProviderId, mailRecipientId } = ref;
  const values = [now, latestPause(now), rootProviderId, mailRecipientId, token, claimedUntil];
  const row = await tx.rowOrNull(claim, values);
  if (row === null) return null;
  const { through, providerName, ...recipient } = row;
  return { token, recipient, through, providerName };
}

const told = `from mail_recipient r
  join audit_link l on l.root_provider_id = r.root_provider_id and l.sequence > $3 and l.sequence <= $4
  join audit_event a on a.root_provider_id = l.root_provider_id and a.id = l.event_id
  join unnest($5::text[], $6::text[]) t (action, type) on t.action = a.action`;
const isTold = `r.root_provider_id = $1 and r.id = $2 and a.result = 'OK' and ${isFor}`;

const countByType = statement<{ type: EventType; count: number }>(
  'mail_digest.count_by_type',
  `select t.type, count(*)::int as count ${told} where ${isTold} group by t.type`,
);
const listFirst = statement<Event & { type: EventType }>(
  'mail_digest.list_first',
  `select ${eventColumns}, t.type ${told} ${eventJoins} where ${isTold} order by l.sequence limit $7`,
);

/** Of the chain, after the one and up to the other. */
export interface Span {
  readonly after: number;
  readonly through: number;
}

export function countEventsByType(tx: Tx, recipient: MailRecipient, span: Span) {
  return tx.rows(countByType, spanValues(recipient, span));
}

/** The oldest of them. */
export function findFirstEvents(tx: Tx, recipient: MailRecipient, span: Span, most: number) {
  return tx.rows(listFirst, [...spanValues(recipient, span), most]);
}

function spanValues({ rootProviderId, id, events }: MailRecipient, { after, through }: Span): unknown[] {
  return [rootProviderId, id, after, through, ...everyAction(events)];
}

function latestPause(now: Date): Date {
  return new Date(now.getTime() + LONGEST_PAUSE_MS);
}

function everyAction(types: readonly EventType[]): [string[], string[]] {
  const actions = actionsOf(types);
  return [actions.map(({ action }) => action), actions.map(({ type }) => type)];
}

const settle = statement<never>(
  'mail_digest.settle',
  `update mail_recipient set cursor = through, through = null, due_at = null, attempts = 0, failing_since = null,
     error = null, claim = null, claimed_until = null, last_sent_at = coalesce($4, last_sent_at)
   where root_provider_id = $1 and id = $2 and claim = $3`,
);

/** It was told. @param sentAt null when there was nothing to tell after all */
export async function settleDigest(tx: Tx, { recipient, token }: DigestClaim, sentAt: Date | null): Promise<void> {
  await tx.count(settle, [recipient.rootProviderId, recipient.id, token, sentAt]);
}

const postpone = statement<{ failingSince: Date }>(
  'mail_digest.postpone',
  `update mail_recipient set due_at = $4, attempts = attempts + 1, failing_since = coalesce(failing_since, $5), error = $6,
     claim = null, claimed_until = null
   where root_provider_id = $1 and id = $2 and claim = $3 returning failing_since as "failingSince"`,
);

/** @returns since when it fails; null when it is no longer ours */
export async function postponeDigest(
  tx: Tx,
  { recipient, token }: DigestClaim,
  dueAt: Date,
  now: Date,
  error: string,
): Promise<Date | null> {
  const values = [recipient.rootProviderId, recipient.id, token, dueAt, now, error];
  return (await tx.rowOrNull(postpone, values))?.failingSince ?? null;
}
