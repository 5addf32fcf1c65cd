import { LRUCache } from 'lru-cache';
import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import { FirstUses } from '../api-key/note-first-use.ts';
import type { SessionLook } from '../api-session/session-look.ts';
import type { Services } from '../context.ts';
import type { Scope } from '../database/scope.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../identity/actor.ts';
import type { DecisionMeter } from '../metrics/meter.ts';
import { asOneOf, currentDoing, type Doing } from '../watching/current.ts';
import { Batcher } from './batcher.ts';
import type { Call, Decision } from './call.ts';
import type { Outcome } from './decide-in-order.ts';
import { findHeldPermissions } from './gateway-account.repository.ts';
import { type AccountRef, actorNow, type GatewayRequest, type KnownGateway } from './gateway-request.ts';
import { createKnowGateway } from './know-gateway.ts';
import { slotKey } from './ledger.ts';
import { runBatch } from './run-batch.ts';
import { settleExceeding } from './settle-exceeding.ts';
import { unavailable, withinTime } from './within-time.ts';

/** Decides about calls for the gateways in front of the cloud service. */
export interface Gateway {
  /**
   * Whether a call may pass. When it is VALID it is counted, and that is on disk before the promise resolves. The decision
   * is made from what is committed after the call of this function.
   * @param token the gateway's own; null when it sent none
   * @throws DomainError `UNAUTHENTICATED` or `FORBIDDEN` of the gateway itself, `DECISION_UNAVAILABLE` within 2 s when the
   * database cannot be asked, `SECRETS_UNAVAILABLE`: then the call must not pass
   */
  authorizeCall(token: string | null, call: Call): Promise<Decision>;
  /** Who the gateway is, with what it may do at this moment. @throws DomainError the same */
  identify(token: string | null, now: Date): Promise<Actor>;
}

/** A request as it waits, with what it is a part of. */
type Asked<Request> = Request & { readonly doing: Doing | undefined };

/** So many calls begin a batch: to gather more would leave the database idle. */
const DECISION_LIMITS = { most: 500, enough: 16 };
const RARE_LIMITS = { most: 500, enough: 500 };
const MOST_NAMES = 100_000;
/** A first call takes two transactions, one over the threshold three; more are taken only under races. */
const MOST_ATTEMPTS = 8;

/**
 * @param meter is told of each decision; null: nobody is
 * @returns what decides for this process; see `Gateway` for what it refuses
 */
export function createGateway(services: Services, sessions: SessionLook, meter: DecisionMeter | null = null): Gateway {
  const { signingKeys, decisionDatabase: database } = services;
  const { decisions, settlements, accounts } = createBatchers(services, sessions, meter);
  const knowGateway = createKnowGateway({ database, signingKeys });
  /** Slots that were found by another name before: whose counter to lock, no more. */
  const slots = new LRUCache<string, ApiKeyRef>({ max: MOST_NAMES });

  async function decide(token: string | null, call: Call, until: number): Promise<Decision> {
    const gateway = await knowGateway(token, new Date());
    const name = nameOf(gateway, call);
    let slot = (name === null ? slotNamedBy(call) : slots.get(name)) ?? null;
    let isOver = false;
    const doing = currentDoing();
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const outcome: Outcome =
        isOver && slot !== null
          ? await settlements.add(`${gateway.line} ${slotKey(slot)}`, { gateway, call, slot, doing }, until)
          : await decisions.add(gateway.line, { gateway, call, slot, doing }, until);
      if (outcome.kind === 'REFUSED') throw outcome.error;
      if (outcome.kind === 'DECIDED') return decided(call, outcome.decision);
      slot = outcome.slot;
      if (name !== null) slots.set(name, slot);
      isOver = outcome.kind === 'EXCEEDS';
    }
    throw unavailable();
  }

  function decided({ presented }: Call, decision: Decision): Decision {
    if (decision.code !== 'VALID' || presented.by !== 'SESSION') return decision;
    const { rootProviderId, apiSessionId: sessionId, secretHash } = presented.session;
    sessions.used({ rootProviderId, sessionId, secretHash }, new Date());
    return decision;
  }

  return {
    authorizeCall: (token, call) => {
      const decision = withinTime((until) => decide(token, call, until));
      if (meter !== null) tellOf(decision, meter);
      return decision;
    },
    identify: (token, now) =>
      withinTime(async (until) => {
        const gateway = await knowGateway(token, now);
        const actor = actorNow(gateway, await accounts.add(gateway.line, gateway, until));
        if (actor instanceof DomainError) throw actor;
        return actor;
      }),
  };
}

/** What requests that come at the same time are done by together. */
function createBatchers(services: Services, sessions: SessionLook, meter: DecisionMeter | null) {
  const { decisionDatabase: database, log } = services;
  const own = { ...services, database, sessions, firstUses: new FirstUses(services) };
  /** Said once for all that were decided together. */
  const failed = (error: unknown): never => {
    if (error instanceof DomainError) throw error;
    log.error({ err: error }, 'calls could not be decided');
    throw unavailable();
  };
  const decisions = new Batcher<Asked<GatewayRequest>, Outcome>(
    (requests) => {
      meter?.batched(requests.length);
      return asOneOf('decide calls', requests, () => runBatch(own, scopeOf(requests), requests).catch(failed));
    },
    DECISION_LIMITS,
    unavailable,
  );
  const settlements = new Batcher<Asked<GatewayRequest & { readonly slot: ApiKeyRef }>, Outcome>(
    (requests) =>
      asOneOf('settle calls over the threshold', requests, () =>
        settleExceeding(own, scopeOf(requests), firstOf(requests).slot, requests).catch(failed),
      ),
    RARE_LIMITS,
    unavailable,
  );
  const accounts = new Batcher<KnownGateway, readonly string[] | undefined>(
    (gateways) => readHeld(database, gateways).catch(failed),
    RARE_LIMITS,
    unavailable,
  );
  return { decisions, settlements, accounts };
}

async function readHeld(
  database: Services['decisionDatabase'],
  gateways: readonly KnownGateway[],
): Promise<(readonly string[] | undefined)[]> {
  const refs = gateways.map(({ ref }) => ref);
  const held = await database.read(firstOf(gateways).scope, (tx) => findHeldPermissions(tx, refs));
  return refs.map((ref) => held.find((row) => isSame(row, ref))?.permissions);
}

function tellOf(decision: Promise<Decision>, meter: DecisionMeter): void {
  decision.then(
    ({ code }) => meter.decided(code),
    (error: unknown) => meter.decided(error instanceof DomainError ? error.code : 'INTERNAL'),
  );
}

function scopeOf(requests: readonly GatewayRequest[]): Scope {
  return firstOf(requests).gateway.scope;
}

function firstOf<Thing>(things: readonly Thing[]): Thing {
  const [first] = things;
  if (first === undefined) throw new Error('a batch is never empty');
  return first;
}

function isSame(left: AccountRef, right: AccountRef): boolean {
  return left.serviceAccountId === right.serviceAccountId && left.secretId === right.secretId;
}

function slotNamedBy({ presented }: Call): ApiKeyRef | null {
  if (presented.by === 'KEY') {
    return 'externalId' in presented.organization ? null : { ...presented.organization, kind: presented.kind };
  }
  const { rootProviderId, organizationId } = presented.by === 'TOKEN' ? presented.organization : presented.session;
  return { rootProviderId, organizationId, kind: 'CLOUD_SERVICE' };
}

/** Under which the slot of a key is remembered that came with an external id; null for all else. */
function nameOf({ line }: KnownGateway, { presented }: Call): string | null {
  if (presented.by !== 'KEY' || !('externalId' in presented.organization)) return null;
  return `${line} ${presented.kind} ${presented.organization.externalId}`;
}
