import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { DomainError } from '../errors.ts';
import { findChainHeads } from '../events/event-tail.repository.ts';
import { parseEventTypes } from '../events/event-type.ts';
import {
  type MailRecipientRef,
  newId,
  type OrganizationRef,
  type ServiceProviderId,
  type ServiceProviderRef,
} from '../ids.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import type { ServiceProvider } from '../service-provider/service-provider.ts';
import { findChosenOrganizations } from '../webhook/find-chosen-organizations.ts';
import { lockTellingProvider, requireMayBeTold } from '../webhook/run-endpoint-command.ts';
import { switchedTo } from '../webhook/switched-to.ts';
import type { MailDigest } from './digest.ts';
import {
  beginRecipientAnew,
  countRecipientsOf,
  deleteMailRecipientRow,
  insertMailRecipient,
  updateMailRecipientRow,
} from './mail-recipient.repository.ts';
import { type MailRecipient, MOST_RECIPIENTS, parseMailAddress, refOf } from './mail-recipient.ts';
import { type MailRecipientInput, recordRecipient, runRecipientCommand } from './run-recipient-command.ts';

// Every one may be refused with NOT_FOUND, FORBIDDEN and IDEMPOTENCY_KEY_REUSED.

export interface CreateMailRecipient {
  /** Null: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | null;
  readonly address: string;
  readonly events: readonly string[];
  /** Null: all. In it, null: an id that names nothing. */
  readonly organizations: readonly (OrganizationRef | null)[] | null;
  readonly digest: MailDigest;
  readonly idempotencyKey: string | null;
}

/**
 * It is told of what happens from now on. Whoever chooses an event must be allowed to see what it tells of.
 * @throws DomainError `VALIDATION_FAILED`, `LIMIT_REACHED`
 */
export async function createMailRecipient(ctx: RequestContext, input: CreateMailRecipient): Promise<MailRecipientRef> {
  const { serviceProvider } = input;
  const find = async (tx: Tx) => (serviceProvider === null ? null : findServiceProvider(tx, serviceProvider));
  const command = {
    action: 'mail_recipient.create' as const,
    input: { ...input },
    idempotencyKey: input.idempotencyKey,
    target: serviceProvider?.serviceProviderId ?? null,
    locate: find,
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const provider = await requireProvider(ctx, tx, await find(tx));
    const { rootProviderId, id: providerId, providerPath } = provider;
    const place = { rootProviderId, providerId, providerPath, organizationId: null };
    const address = parseMailAddress(input.address);
    const events = parseEventTypes('events', input.events);
    requireMayBeTold(ctx, events);
    const organizationIds = await findChosenOrganizations(tx, place, input.organizations);
    const cursor = await chainHead(tx, rootProviderId);
    const unborn = { dueAt: null, attempts: 0, lastSentAt: null, failingSince: null, error: null };
    const born = { disabledAt: null, disabledReason: null, createdAt: ctx.now, createdByName: ctx.actor.displayName };
    const chosen = { address, events, organizationIds, digest: input.digest };
    const recipient: MailRecipient = {
      ...place,
      id: newId<'MailRecipient'>(),
      ...chosen,
      cursor,
      ...unborn,
      ...born,
    };
    await insertMailRecipient(tx, recipient);
    await recordRecipient(ctx, tx, command.action, { before: null, after: recipient });
    return refOf(recipient);
  });
  return answer;
}

async function requireProvider(ctx: RequestContext, tx: Tx, found: ServiceProvider | null): Promise<ServiceProvider> {
  const provider = await lockTellingProvider(ctx, tx, found, "Mails are a provider's: ask its administrators.");
  if ((await countRecipientsOf(tx, provider.rootProviderId, provider.id)) < MOST_RECIPIENTS) return provider;
  const message = `A provider has at most ${MOST_RECIPIENTS} mail recipients. Delete one that is not wanted any more.`;
  throw new DomainError('LIMIT_REACHED', message, ['serviceProviderId']);
}

async function chainHead(tx: Tx, rootProviderId: ServiceProviderId): Promise<number> {
  const [head] = await tx.within(PLATFORM_SCOPE, (all) => findChainHeads(all, rootProviderId));
  return head?.sequence ?? 0;
}

/** What is undefined stays. */
export interface UpdateMailRecipient extends MailRecipientInput {
  readonly address: string | undefined;
  readonly events: readonly string[] | undefined;
  readonly organizations: readonly (OrganizationRef | null)[] | null | undefined;
  readonly digest: MailDigest | undefined;
  readonly isEnabled: boolean | undefined;
}

/** Enabled again, it is told of what happens from then on. @throws DomainError `VALIDATION_FAILED` */
export async function updateMailRecipient(ctx: RequestContext, input: UpdateMailRecipient): Promise<MailRecipientRef> {
  const { mailRecipient: _, idempotencyKey: __, ...given } = input;
  const { answer } = await runRecipientCommand(ctx, 'mail_recipient.update', input, given, async (tx, before) => {
    const { address, events, organizations, digest, isEnabled } = input;
    const after = {
      ...before,
      address: address === undefined ? before.address : parseMailAddress(address),
      events: events === undefined ? before.events : parseEventTypes('events', events),
      organizationIds:
        organizations === undefined ? before.organizationIds : await findChosenOrganizations(tx, before, organizations),
      digest: digest ?? before.digest,
      ...switchedTo(before, isEnabled, ctx.now),
    };
    if ([address, events, organizations].some((value) => value !== undefined)) requireMayBeTold(ctx, after.events);
    await updateMailRecipientRow(tx, after);
    if (before.disabledAt !== null && after.disabledAt === null) {
      await beginRecipientAnew(tx, after, await chainHead(tx, before.rootProviderId));
    }
    await recordRecipient(ctx, tx, 'mail_recipient.update', { before, after });
    return refOf(after);
  });
  return answer;
}

/** Nothing more is sent there, but for a mail that is under way. */
export async function deleteMailRecipient(ctx: RequestContext, input: MailRecipientInput): Promise<MailRecipientRef> {
  const { answer } = await runRecipientCommand(ctx, 'mail_recipient.delete', input, {}, async (tx, before) => {
    await deleteMailRecipientRow(tx, before);
    await recordRecipient(ctx, tx, 'mail_recipient.delete', { before, after: null });
    return refOf(before);
  });
  return answer;
}
