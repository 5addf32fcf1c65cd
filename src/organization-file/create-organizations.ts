import { type ApiKeyKind, apiKeyKinds, applyChange, isProvisionable, type SlotState } from '../api-key/api-key.ts';
import { sealingContext } from '../api-key/api-key-slot.ts';
import { KeyString } from '../api-key/key-string.ts';
import { auditState } from '../api-key/run-key-command.ts';
import type { AuditEntry } from '../audit/audit-event.ts';
import { recordAudits } from '../audit/record-audit.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { isForeignKeyViolation } from '../database/transaction.ts';
import { newId, type OrganizationId } from '../ids.ts';
import type { Organization } from '../organization/organization.ts';
import type { TenantKeys } from '../secrets/tenant-keys.ts';
import { type Subscription, subscriptionStatus } from '../subscription/subscription.ts';
import { subscriptionAuditState } from '../subscription/subscription-audit-state.ts';
import {
  insertNewOrganizations,
  insertNewSlots,
  insertNewSubscriptions,
  type NewSlot,
  type ProviderPlace,
} from './new-organization.repository.ts';
import type { OrganizationRow, RowSubscription } from './organization-row.ts';

export interface RowToCreate {
  readonly organizationId: OrganizationId;
  readonly given: OrganizationRow;
}

type Entry = Omit<AuditEntry, 'note'>;

interface NewOrganization {
  readonly organization: Organization;
  readonly subscription: Subscription | null;
  /** Whether the subscription has started. */
  readonly isStarted: boolean;
}

/**
 * Writes organizations with their slots, subscriptions and keys, by a few statements for all: the same rows and the same
 * audit rows as `organization.create`, `subscription.apply` and the provisioning write one by one.
 * @returns those that were created: not one whose name or external id another one has taken meanwhile
 */
export async function createOrganizations(
  ctx: RequestContext,
  tx: Tx,
  provider: ProviderPlace,
  rows: readonly RowToCreate[],
): Promise<ReadonlySet<OrganizationId>> {
  if (rows.length === 0) return new Set();
  const all = rows.map((row) => newOrganization(ctx, provider, row));
  const created = await insert(ctx, tx, provider, all);
  const kept = all.filter(({ organization }) => created.has(organization.organizationId));
  await insertWhatBelongs(ctx, tx, provider, kept);
  return created;
}

const OF_ORGANIZATION = /_organization_id_fkey$/;

/**
 * The same without a pause between the statements.
 * @returns false when a name or an external id of one was taken: then the transaction is of no use any more
 */
export async function createAllOrganizations(
  ctx: RequestContext,
  tx: Tx,
  provider: ProviderPlace,
  rows: readonly RowToCreate[],
): Promise<boolean> {
  if (rows.length === 0) return true;
  const all = rows.map((row) => newOrganization(ctx, provider, row));
  try {
    await Promise.all([insert(ctx, tx, provider, all), insertWhatBelongs(ctx, tx, provider, all)]);
    return true;
  } catch (error) {
    if (isForeignKeyViolation(error, OF_ORGANIZATION)) return false;
    throw error;
  }
}

function insert({ now }: RequestContext, tx: Tx, provider: ProviderPlace, all: readonly NewOrganization[]) {
  const organizations = all.map(({ organization }) => organization);
  return insertNewOrganizations(tx, provider, organizations, now);
}

async function insertWhatBelongs(
  ctx: RequestContext,
  tx: Tx,
  provider: ProviderPlace,
  all: readonly NewOrganization[],
): Promise<void> {
  if (all.length === 0) return;
  const keys = all.some(({ isStarted }) => isStarted) ? await ctx.keyRing.of(tx, provider.rootProviderId) : null;
  const slots = all.flatMap((each) => apiKeyKinds.map((kind) => newSlot(each, kind, keys)));
  const subscriptions = all.flatMap(({ organization: { organizationId }, subscription, isStarted }) =>
    subscription === null ? [] : [{ ...subscription, organizationId, provisionedAt: isStarted ? ctx.now : null }],
  );
  await Promise.all([
    insertNewSubscriptions(tx, provider, subscriptions, ctx.now),
    insertNewSlots(tx, provider, slots, { at: ctx.now, byId: ctx.actor.id, byName: ctx.actor.displayName }),
    recordAudits(tx, ctx, entriesOf(ctx, all, slots), null),
  ]);
}

function newOrganization(
  { now }: RequestContext,
  { rootProviderId, id: providerId, providerPath }: ProviderPlace,
  { organizationId, given }: RowToCreate,
): NewOrganization {
  const { name, externalId } = given;
  const subscription = given.subscription === null ? null : newSubscription(given.subscription, now);
  return {
    organization: { rootProviderId, organizationId, providerId, providerPath, name, externalId, createdAt: now },
    subscription,
    isStarted: subscription !== null && subscriptionStatus(subscription, now) === 'ACTIVE',
  };
}

function newSubscription(given: RowSubscription, now: Date): Subscription {
  return {
    ...given,
    startsAt: given.startsAt ?? now,
    id: newId<'Subscription'>(),
    cancelledAt: null,
    previousEndedAt: null,
    version: 1,
  };
}

function newSlot(each: NewOrganization, kind: ApiKeyKind, keys: TenantKeys | null): NewSlot {
  const { rootProviderId, organizationId } = each.organization;
  if (keys === null || !each.isStarted || !isProvisionable(emptySlot(each, kind))) {
    return { organizationId, kind, key: null };
  }
  const keyString = KeyString.generate();
  const sealed = keys.seal(keyString, sealingContext({ rootProviderId, organizationId, kind }, 1));
  const key = { ...sealed, fingerprint: keys.fingerprint(keyString), lastFour: keyString.lastFour };
  return { organizationId, kind, key };
}

function emptySlot({ subscription }: NewOrganization, kind: ApiKeyKind): SlotState {
  return { kind, fingerprint: null, disabledBy: [], subscription };
}

/** In the order in which the single commands write them. */
function entriesOf(ctx: RequestContext, all: readonly NewOrganization[], slots: readonly NewSlot[]): Entry[] {
  const filled = Map.groupBy(
    slots.filter(({ key }) => key !== null),
    ({ organizationId }) => organizationId,
  );
  return all.flatMap((each) => {
    const { organization, subscription } = each;
    const { organizationId, name, externalId } = organization;
    const about = { subject: organization, target: organizationId, result: 'OK' } as const;
    const entries: Entry[] = [{ ...about, action: 'organization.create', before: null, after: { name, externalId } }];
    for (const slot of filled.get(organizationId) ?? []) entries.push({ ...about, ...provisioning(ctx, each, slot) });
    if (subscription === null) return entries;
    const after = subscriptionAuditState(subscription, ctx.now);
    return [...entries, { ...about, action: 'subscription.apply', before: null, after }];
  });
}

function provisioning({ now }: RequestContext, each: NewOrganization, { kind, key }: NewSlot) {
  const empty = emptySlot(each, kind);
  const filled = applyChange(empty, { fingerprint: key?.fingerprint ?? null, disable: null, lift: [] });
  return {
    action: 'api_key.provision',
    before: auditState({ ...empty, version: 0 }, now),
    after: auditState({ ...filled, version: 1 }, now),
  } as const;
}
