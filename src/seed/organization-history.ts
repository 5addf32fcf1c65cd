import { type ApiKeyKind, apiKeyKinds, decide, isProvisionable, permissionFor } from '../api-key/api-key.ts';
import { KeyString } from '../api-key/key-string.ts';
import { auditActionOf, auditState, noteOf } from '../api-key/run-key-command.ts';
import type { AuditAction, AuditEntry, AuditState } from '../audit/audit-event.ts';
import { DomainError, type ErrorCode } from '../errors.ts';
import { type Actor, SYSTEM_ACTOR } from '../identity/actor.ts';
import { authorize } from '../identity/authorize.ts';
import { newId } from '../ids.ts';
import type { Organization } from '../organization/organization.ts';
import type { TenantKeys } from '../secrets/tenant-keys.ts';
import {
  decideApply,
  decideCancel,
  decideRenew,
  type Subscription,
  type SubscriptionOffer,
  subscriptionStatus,
} from '../subscription/subscription.ts';
import { subscriptionAuditState } from '../subscription/subscription-audit-state.ts';
import { afterStep, commandOf, emptySlot, type KeyStep, type PastSlot } from './past-slot.ts';

/** A row of the audit trail, and who wrote it when. */
export interface PastEvent extends AuditEntry {
  readonly at: Date;
  readonly actor: Actor;
}

export interface PastSubscription extends Subscription {
  readonly createdAt: Date;
  readonly provisionedAt: Date | null;
  readonly cancelledAt: Date | null;
  readonly supersededAt: Date | null;
}

export interface PlanOffer extends Omit<SubscriptionOffer, 'startsAt'> {
  readonly plan: string;
  /** Null: at once. */
  readonly startsAt: Date | null;
}

/**
 * What happened to one organization until now, told step by step and held to the rules of the product: a step that
 * they refuse throws, so nothing is ever seeded that could not have come about. It ends in the rows to be kept.
 */
export class OrganizationHistory {
  readonly organization: Organization;
  readonly events: PastEvent[] = [];
  /** The last one is current. */
  readonly subscriptions: PastSubscription[] = [];
  readonly #keys: TenantKeys;
  readonly #slots = new Map<ApiKeyKind, PastSlot>(apiKeyKinds.map((kind) => [kind, emptySlot(kind)]));

  constructor(organization: Organization, keys: TenantKeys, createdBy: Actor) {
    this.organization = organization;
    this.#keys = keys;
    const { name, externalId, createdAt } = organization;
    this.#record(createdBy, createdAt, 'organization.create', null, { name, externalId });
  }

  get slots(): PastSlot[] {
    return [...this.#slots.values()].map((slot) => ({ ...slot, subscription: this.#current }));
  }

  applySubscription(by: Actor, at: Date, { plan, ...terms }: PlanOffer): void {
    authorize(by, 'subscription:manage', this.organization, 'organizationId');
    const current = this.#current;
    const offer = { ...terms, startsAt: terms.startsAt ?? at };
    decideApply(current, offer, at);
    if (current !== null) this.#replaceCurrent({ ...current, supersededAt: at, version: current.version + 1 });
    const isStarted = offer.startsAt <= at;
    const applied: PastSubscription = {
      ...offer,
      id: newId<'Subscription'>(),
      plan,
      previousEndedAt: current?.endsAt ?? null,
      version: 1,
      createdAt: at,
      provisionedAt: isStarted ? at : null,
      cancelledAt: null,
      supersededAt: null,
    };
    this.subscriptions.push(applied);
    if (isStarted) this.#provision(by, at);
    this.#record(
      by,
      at,
      'subscription.apply',
      current && subscriptionAuditState(current, at),
      subscriptionAuditState(applied, at),
    );
  }

  /** The worker starts what was scheduled. */
  startSubscription(at: Date): void {
    const current = this.#current;
    if (current === null || current.provisionedAt !== null || subscriptionStatus(current, at) !== 'ACTIVE') {
      throw new Error('there is no subscription to start');
    }
    this.#replaceCurrent({ ...current, provisionedAt: at });
    const keyProvisioned = this.#provision(SYSTEM_ACTOR, at);
    this.#record(SYSTEM_ACTOR, at, 'subscription.start', null, { keyProvisioned });
  }

  renewSubscription(by: Actor, at: Date, endsAt: Date): void {
    authorize(by, 'subscription:manage', this.organization, 'organizationId');
    const current = decideRenew(this.#current, endsAt, at);
    this.#changeEnd(by, at, 'subscription.renew', current, { ...current, endsAt, cancelledAt: null });
  }

  cancelSubscription(by: Actor, at: Date): void {
    authorize(by, 'subscription:manage', this.organization, 'organizationId');
    const current = decideCancel(this.#current, at);
    this.#changeEnd(by, at, 'subscription.cancel', current, { ...current, endsAt: at, cancelledAt: at });
  }

  changeKey(by: Actor, at: Date, step: KeyStep, kind: ApiKeyKind = 'CLOUD_SERVICE'): void {
    if (by.id !== null) authorize(by, permissionFor[step.action], this.organization, 'organizationId');
    const slot = this.#slot(kind);
    const command = commandOf(step, this.#keys);
    const after = afterStep(slot, step, decide(slot, command, by.authority, at), by, at);
    const isChange = step.action !== 'REVEAL';
    if (isChange) this.#slots.set(kind, after);
    const stateAfter = isChange ? auditState(after, at) : null;
    this.#record(by, at, auditActionOf[step.action], auditState(slot, at), stateAfter, noteOf(command));
  }

  /** Somebody tried, and the rules said no with this very code. */
  attemptInVain(by: Actor, at: Date, step: KeyStep, code: ErrorCode): void {
    try {
      this.changeKey(by, at, step);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== code) throw error;
      this.#record(by, at, auditActionOf[step.action], null, null, null, code);
      return;
    }
    throw new Error(`${step.action} was not refused with ${code}`);
  }

  get #current(): PastSubscription | null {
    return this.subscriptions.at(-1) ?? null;
  }

  #replaceCurrent(subscription: PastSubscription): void {
    this.subscriptions[this.subscriptions.length - 1] = subscription;
  }

  #changeEnd(by: Actor, at: Date, action: AuditAction, current: PastSubscription, changed: PastSubscription): void {
    this.#replaceCurrent({ ...changed, version: current.version + 1 });
    this.#record(by, at, action, subscriptionAuditState(current, at), subscriptionAuditState(changed, at));
  }

  #slot(kind: ApiKeyKind): PastSlot {
    return { ...(this.#slots.get(kind) ?? emptySlot(kind)), subscription: this.#current };
  }

  #provision(by: Actor, at: Date): boolean {
    const slot = this.#slot('CLOUD_SERVICE');
    if (!isProvisionable(slot)) return false;
    const keyString = KeyString.generate();
    const change = { fingerprint: this.#keys.fingerprint(keyString), disable: null, lift: [] };
    const filled = afterStep(slot, { action: 'ADD', keyString }, change, by, at);
    this.#slots.set('CLOUD_SERVICE', filled);
    this.#record(by, at, 'api_key.provision', auditState(slot, at), auditState(filled, at));
    return true;
  }

  #record(
    by: Actor,
    at: Date,
    action: AuditAction,
    before: AuditState | null,
    after: AuditState | null,
    note: string | null = null,
    result = 'OK',
  ): void {
    const subject = this.organization;
    this.events.push({ at, actor: by, action, subject, target: subject.organizationId, result, before, after, note });
  }
}

/** As the service of subscriptions writes it. */
