import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import type { PresentedSession } from '../api-session/api-session-id.ts';
import type { SessionLook } from '../api-session/session-look.ts';
import { findUnchangedServers } from '../authorization-server/standing-server.repository.ts';
import type { Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { DomainError } from '../errors.ts';
import { type AuthorizationServerId, PLATFORM_ROOT_ID, type ServiceProviderId } from '../ids.ts';
import type { KeyRing } from '../secrets/key-ring.ts';
import type { TenantKeys } from '../secrets/tenant-keys.ts';
import type { Counter } from '../usage/count-calls.ts';
import { lockCounters } from '../usage/usage.repository.ts';
import type { CallSlot, SessionFacts } from './call.ts';
import { type ExternalRef, findCallSlots, findExternalSlots, findKnownRoots } from './call-slot.repository.ts';
import type { KnownCall } from './decide-in-order.ts';
import { findHeldPermissions } from './gateway-account.repository.ts';
import { type AccountRef, actorNow, type GatewayRequest } from './gateway-request.ts';
import { slotKey } from './ledger.ts';

export interface BatchServices {
  readonly keyRing: KeyRing;
  readonly sessions: SessionLook;
}

/** What requests are decided by, as it is while the transaction holds the counters of their slots. */
export interface Facts {
  readonly refs: readonly ApiKeyRef[];
  readonly counters: readonly (ApiKeyRef & { readonly counter: Counter })[];
  readonly calls: readonly KnownCall[];
}

/**
 * Locks the counters and then reads, all in one packet: what a statement sees was committed when it began, so nothing is
 * older than the locks. Organizations under a root that is not the gateway's, or that there is not, are not asked for.
 */
export async function readFacts(
  services: BatchServices,
  tx: Tx,
  scope: Scope,
  requests: readonly GatewayRequest[],
): Promise<Facts> {
  const named = distinct(
    requests.flatMap(({ slot }) => slot ?? []),
    slotKey,
  );
  // Of a gateway of one tenant nothing is waited for: the locks go out at once.
  const refs = scope.level === 'PLATFORM' ? await ofKnownRoots(tx, named) : named.filter(isOfRoot(rootOf(scope)));
  const external = distinct(requests.flatMap(externalRefOf), externalKey);
  const presented = requests.map(({ call }) => call.presented);
  const opened = presented.flatMap((shown) => (shown.by === 'SESSION' ? toShown(shown.session) : []));
  const servers = presented.flatMap((shown) => (shown.by === 'TOKEN' ? shown.server : []));
  const accounts = distinct(
    requests.map(({ gateway }) => gateway.ref),
    accountKey,
  );
  const [counters, slots, externalSlots, sessions, standing, held, keys] = await Promise.all([
    refs.length === 0 ? [] : lockCounters(tx, refs),
    refs.length === 0 ? [] : findCallSlots(tx, scope, refs),
    external.length === 0 ? [] : findExternalSlots(tx, scope, external),
    opened.length === 0 ? [] : services.sessions.find(tx, opened, new Date()),
    servers.length === 0 ? NO_SERVERS : findUnchangedServers(tx, servers),
    findHeldPermissions(tx, accounts),
    presented.some(({ by }) => by === 'KEY') ? services.keyRing.of(tx, rootOf(scope)) : null,
  ]);
  const found: Found = {
    slots: new Map(slots.map((slot) => [slotKey(slot), slot])),
    external: new Map(
      externalSlots.map(({ externalId, slot }) => [externalKey({ externalId, kind: slot.kind }), slot]),
    ),
    sessions: new Map(sessions.map((session) => [sessionKey(session), session])),
    standing,
    held: new Map(held.map((account) => [accountKey(account), account.permissions])),
    keys: await keysOf(services, tx, scope, slots, keys),
  };
  return { refs, counters, calls: requests.map((request) => knownCall(request, found)) };
}

function isOfRoot(root: ServiceProviderId): (ref: ApiKeyRef) => boolean {
  return ({ rootProviderId }) => rootProviderId === root;
}

/** Each root costs a statement, and whoever makes a call can name any: so that one statement finds out which there are. */
async function ofKnownRoots(tx: Tx, refs: readonly ApiKeyRef[]): Promise<readonly ApiKeyRef[]> {
  const roots = distinct(
    refs.map(({ rootProviderId }) => rootProviderId),
    String,
  );
  if (roots.length <= 1) return refs;
  const known = await findKnownRoots(tx, roots);
  return refs.filter(({ rootProviderId }) => known.has(rootProviderId));
}

const NO_SERVERS: ReadonlySet<AuthorizationServerId> = new Set();

interface Found {
  readonly slots: ReadonlyMap<string, CallSlot>;
  readonly external: ReadonlyMap<string, CallSlot>;
  readonly sessions: ReadonlyMap<string, SessionFacts>;
  readonly standing: ReadonlySet<AuthorizationServerId>;
  readonly held: ReadonlyMap<string, readonly string[]>;
  readonly keys: (slot: CallSlot | null) => TenantKeys;
}

/** A gateway of the platform sees many roots, and every other one its own: its keys judge what belongs to nobody as well. */
async function keysOf(
  { keyRing }: BatchServices,
  tx: Tx,
  scope: Scope,
  slots: readonly CallSlot[],
  own: TenantKeys | null,
): Promise<Found['keys']> {
  const byRoot = new Map<ServiceProviderId, TenantKeys>();
  if (own !== null && scope.level === 'PLATFORM') {
    for (const { rootProviderId: root } of slots) if (!byRoot.has(root)) byRoot.set(root, await keyRing.of(tx, root));
  }
  return (slot) => {
    const keys = (slot && byRoot.get(slot.rootProviderId)) ?? own;
    if (keys === null) throw new Error('a key is judged without the keys of its root');
    return keys;
  };
}

function knownCall({ gateway, call, slot: ref }: GatewayRequest, found: Found): KnownCall {
  const actor = actorNow(gateway, found.held.get(accountKey(gateway.ref)));
  const known = { call, refusal: actor instanceof DomainError ? actor : null };
  const slot = (ref && found.slots.get(slotKey(ref))) ?? null;
  const { presented } = call;
  switch (presented.by) {
    case 'KEY': {
      const { organization, key, kind } = presented;
      const meant = 'externalId' in organization ? found.external.get(externalKey({ ...organization, kind })) : slot;
      const fingerprint = found.keys(meant ?? null).fingerprint(key);
      return { ...known, slot: meant ?? null, proof: { by: 'KEY', fingerprint } };
    }
    case 'SESSION': {
      const session = found.sessions.get(sessionKey(toShown(presented.session))) ?? null;
      return { ...known, slot, proof: { by: 'SESSION', session } };
    }
    case 'TOKEN':
      return {
        ...known,
        slot,
        proof: { by: 'TOKEN', holds: found.standing.has(presented.server.authorizationServerId) },
      };
  }
}

function toShown({ rootProviderId, apiSessionId: sessionId, secretHash }: PresentedSession) {
  return { rootProviderId, sessionId, secretHash };
}

/** What holds of a session when one secret is shown says nothing of another secret. */
function sessionKey({ sessionId, secretHash }: { readonly sessionId: string; readonly secretHash: Buffer }): string {
  return `${sessionId} ${secretHash.toString('hex')}`;
}

function externalRefOf({ call: { presented } }: GatewayRequest): ExternalRef | [] {
  if (presented.by !== 'KEY' || !('externalId' in presented.organization)) return [];
  return { externalId: presented.organization.externalId, kind: presented.kind };
}

function externalKey({ externalId, kind }: ExternalRef): string {
  return `${kind} ${externalId}`;
}

function accountKey({ serviceAccountId, secretId }: AccountRef): string {
  return `${serviceAccountId} ${secretId}`;
}

/** Whose keys judge what is presented to a gateway of that sight. */
function rootOf(scope: Scope): ServiceProviderId {
  return scope.level === 'PROVIDER' || scope.level === 'ORGANIZATION' ? scope.rootProviderId : PLATFORM_ROOT_ID;
}

function distinct<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string): Thing[] {
  return [...new Map(things.map((thing) => [keyOf(thing), thing])).values()];
}
