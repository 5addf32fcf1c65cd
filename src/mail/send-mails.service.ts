import type { RequestContext, Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { eachAlone } from '../each-alone.ts';
import type { Event } from '../events/event.ts';
import type { EventType } from '../events/event-type.ts';
import { SYSTEM_ACTOR } from '../identity/actor.ts';
import { type MailRecipientRef, newId, type ServiceProviderId } from '../ids.ts';
import { runId } from '../watching/current.ts';
import {
  claimRecipient,
  countEventsByType,
  type DigestClaim,
  findDueRecipients,
  findFirstEvents,
  findRootsBehind,
  lookAtRecipients,
  moveRecipientsOn,
  postponeDigest,
  settleDigest,
} from './digest.repository.ts';
import { dueAtOf, isRefusedForLong, retryAt } from './digest.ts';
import { type DigestMail, digestMailOf, MOST_LINES } from './digest-mail.ts';
import { disableFailingRecipient } from './mail-recipient.repository.ts';
import { LONGEST_SENDING_MS, type Mailer, type Sending } from './mailer.ts';
import { recordRecipient } from './run-recipient-command.ts';

/** Of the chain, in one statement. */
const BATCH = 5000;
const MOST_AT_ONCE = 4;
const MOST_IN_A_RUN = 1000;

/** Where the console shows an event; null: the trail. */
export type LinkTo = (publicUrl: string, event: Event | null) => string;

/**
 * Sends the mails whose time has come: each tells of all that has happened for its recipient since the last one. Any number
 * of processes may do so at once: a recipient is claimed, and whoever dies with a claim leaves the same mail, under the same
 * id, to the next. @returns how many were sent
 */
export async function sendDueMails(services: Services, linkTo: LinkTo, now: Date): Promise<number> {
  const { mailer, database } = services;
  if (mailer === null) return 0;
  const roots = await database.read(PLATFORM_SCOPE, findRootsBehind);
  const startedAt = performance.now();
  const clock = () => new Date(now.getTime() + performance.now() - startedAt);
  const run: Run = { due: [], clock, sent: 0, isServerAway: false };
  try {
    await eachAlone(services, 'looking for whom to mail', roots, async (root) => {
      while (await lookAtRoot(services, mailer, root, now)) {
        // until everybody has been looked at for everything, or has a mail to come
      }
    });
  } finally {
    run.due.push(...(await database.read(PLATFORM_SCOPE, (tx) => findDueRecipients(tx, now, MOST_IN_A_RUN))));
    await Promise.all(Array.from({ length: MOST_AT_ONCE }, () => workOff(services, mailer, linkTo, run)));
  }
  return run.sent;
}

/** @returns whether there may be more */
function lookAtRoot({ database }: Services, { pauseMs }: Mailer, root: ServiceProviderId, now: Date): Promise<boolean> {
  return database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const looked = await lookAtRecipients(tx, root, BATCH);
    const moves = looked.map(({ id, digest, lastSentAt, first, through }) => {
      if (first === null) return { id, cursor: through, dueAt: null };
      return { id, cursor: first - 1, dueAt: dueAtOf(digest, lastSentAt, pauseMs, now) };
    });
    await moveRecipientsOn(tx, root, moves);
    return looked.length > 0;
  });
}

interface Run {
  readonly due: MailRecipientRef[];
  readonly clock: () => Date;
  sent: number;
  /** The others wait for the next run. */
  isServerAway: boolean;
}

function* takeDue(run: Run) {
  for (let ref = run.due.shift(); ref !== undefined && !run.isServerAway; ref = run.due.shift()) yield ref;
}

function workOff(services: Services, mailer: Mailer, linkTo: LinkTo, run: Run): Promise<void> {
  return eachAlone(services, 'sending a mail', takeDue(run), async (ref) => {
    const claim = await claimOf(services, ref, run.clock());
    if (claim === null) return;
    const mail = await composeMail(services, linkTo, claim);
    const sending = mail === null ? null : await mailer.send({ ...mail, to: claim.recipient.address, id: idOf(claim) });
    await settle(services, claim, sending, run.clock());
    if (sending?.result === 'SENT') run.sent++;
    if (sending?.result === 'NO_SERVER') run.isServerAway = true;
  });
}

function claimOf({ database }: Services, ref: MailRecipientRef, now: Date): Promise<DigestClaim | null> {
  const claimedUntil = new Date(now.getTime() + LONGEST_SENDING_MS);
  const terms = { token: newId<'Claim'>(), claimedUntil, now };
  return database.withTransaction(PLATFORM_SCOPE, (tx) => claimRecipient(tx, ref, terms));
}

/** Null when there is nothing to tell after all: meanwhile the recipient has chosen other events. */
async function composeMail(
  { database, publicUrl }: Services,
  linkTo: LinkTo,
  { recipient, through, providerName }: DigestClaim,
): Promise<DigestMail | null> {
  const counts = new Map<EventType, number>();
  const first: { readonly event: Event; readonly type: EventType; readonly url: string }[] = [];
  for (let after = recipient.cursor; after < through; after += BATCH) {
    const span = { after, through: Math.min(through, after + BATCH) };
    const room = MOST_LINES - first.length;
    const [counted, events] = await database.read(PLATFORM_SCOPE, (tx) =>
      Promise.all([countEventsByType(tx, recipient, span), findFirstEvents(tx, recipient, span, room)]),
    );
    for (const { type, count } of counted) counts.set(type, (counts.get(type) ?? 0) + count);
    first.push(...events.map(({ type, ...event }) => ({ event, type, url: linkTo(publicUrl, event) })));
  }
  if (counts.size === 0) return null;
  const restUrl = linkTo(publicUrl, null);
  return digestMailOf({ providerName, chosenBy: recipient.createdByName, counts, first, restUrl });
}

function idOf({ recipient, through }: DigestClaim): string {
  return `${recipient.id}.${recipient.cursor}.${through}`;
}

/** @param sending null when there was nothing to send */
async function settle(services: Services, claim: DigestClaim, sending: Sending | null, now: Date): Promise<void> {
  await services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    if (sending === null || sending.result === 'SENT') return settleDigest(tx, claim, sending === null ? null : now);
    const { recipient } = claim;
    const retry = retryAt(recipient.attempts + 1, now);
    const failingSince = await postponeDigest(tx, claim, retry, now, sending.error);
    const isRefused = sending.result === 'REFUSED' && sending.isForGood && isRefusedForLong(failingSince, now);
    if (!isRefused || !(await disableFailingRecipient(tx, recipient, now))) return;
    const ctx: RequestContext = { ...services, ...asSystem(now) };
    const after = { ...recipient, disabledAt: now, disabledReason: 'FAILING' as const };
    await recordRecipient(ctx, tx, 'mail_recipient.disable', { before: recipient, after });
  });
  if (sending?.result === 'NO_SERVER') services.log.error({ reason: sending.error }, 'mails cannot be sent');
}

function asSystem(now: Date) {
  return { actor: SYSTEM_ACTOR, requestId: runId(), now, ipAddress: null };
}
