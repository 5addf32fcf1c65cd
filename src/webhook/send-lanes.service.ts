import type { Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import type { Event } from '../events/event.ts';
import type { EventType } from '../events/event-type.ts';
import { newId, type ServiceProviderId, type WebhookEndpointId } from '../ids.ts';
import type { TenantKeys } from '../secrets/tenant-keys.ts';
import { type Attempt, isTaken, type WaitingDelivery } from './delivery.ts';
import { type Claim, claimLanes, findEndpoints, findRootsToSend, findWaiting, laneKey } from './lane.repository.ts';
import type { LanesUnderWay } from './lanes-under-way.ts';
import { giveBack, settleFailure, settleSuccess } from './settle-attempt.ts';
import { secretContextOf, type WebhookEndpoint } from './webhook-endpoint.ts';
import { type Sign, signerOf, splitSecrets } from './webhook-secret.ts';

/** Of one lane, before it goes to the end of the line. */
const MOST_OF_LANE = 10;

/** One request to an endpoint: its answer, or why there was none. It throws only when it is to stop. */
export type Post = (url: string, headers: Record<string, string>, body: string) => Promise<Attempt>;

export interface SendingTerms {
  readonly post: Post;
  readonly payloadOf: (event: Event, type: EventType) => string;
  /** Longer than one attempt can take. */
  readonly leaseMs: number;
  readonly mostOfEndpoint: number;
  readonly mostOfFailing: number;
  /** Does what writes down how an attempt ended, once it is its turn: the connections are not for webhooks alone. */
  readonly inTurn: <Result>(write: () => Promise<Result>) => Promise<Result>;
  readonly isStopping: () => boolean;
}

/** A lane that this process is at, and what is sent there next. */
export interface LaneRun {
  readonly claim: Claim;
  readonly endpoint: WebhookEndpoint;
  readonly sign: Sign;
  readonly waiting: readonly WaitingDelivery[];
}

/**
 * Takes lanes whose time has come and that nobody is at. Whoever takes them has them for the length of a lease: they are
 * handed over root by root, and a root whose lanes cannot be taken holds up none of the others.
 * @param underWay what this process is at: it is asked anew for each root
 */
export async function* takeLanes(
  services: Services,
  terms: SendingTerms,
  underWay: LanesUnderWay,
): AsyncGenerator<LaneRun, void> {
  if (!services.keyRing.isAvailable) return; // nothing can be signed
  const roots = await services.database.read(PLATFORM_SCOPE, (tx) => findRootsToSend(tx, new Date()));
  for (const root of underWay.inTurn(roots)) {
    if (terms.isStopping()) return;
    if (underWay.roomFor(root) === 0) continue;
    yield* await takeLanesOf(services, root, terms, underWay).catch((error: unknown) => {
      services.log.error({ err: error, rootProviderId: root }, 'taking up webhooks failed; it is tried again');
      return [];
    });
  }
}

function takeLanesOf(
  { database, keyRing, log }: Services,
  root: ServiceProviderId,
  { leaseMs, mostOfEndpoint, mostOfFailing }: SendingTerms,
  underWay: LanesUnderWay,
): Promise<LaneRun[]> {
  return database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const now = new Date();
    const leasedUntil = new Date(now.getTime() + leaseMs);
    const lease = { token: newId<'Claim'>(), now, leasedUntil };
    const most = { most: underWay.roomFor(root), underWay: underWay.ofEndpoint, mostOfEndpoint, mostOfFailing };
    const claims = await claimLanes(tx, root, { ...lease, ...most });
    if (claims.length === 0) return [];
    const ids = [...new Set(claims.map(({ endpointId }) => endpointId))];
    const [endpoints, waiting] = await Promise.all([
      findEndpoints(tx, root, ids),
      findWaiting(tx, root, claims, MOST_OF_LANE),
    ]);
    const byId = new Map<WebhookEndpointId, Pick<LaneRun, 'endpoint' | 'sign'>>();
    for (const endpoint of endpoints) {
      const keys = await keyRing.of(tx, root, endpoint.sealed.dataKeyVersion);
      try {
        byId.set(endpoint.id, { endpoint, sign: signOf(endpoint, keys, now) });
      } catch (error) {
        log.error({ err: error, webhookEndpointId: endpoint.id }, 'the secret of an endpoint does not open: it waits');
      }
    }
    return claims.flatMap((claim) => {
      const found = byId.get(claim.endpointId);
      return found === undefined ? [] : [{ claim, ...found, waiting: waiting.get(laneKey(claim)) ?? [] }];
    });
  });
}

/** @throws Error when the secret does not open */
function signOf({ id, sealed, previousSecretUntil }: WebhookEndpoint, keys: TenantKeys, now: Date): Sign {
  const { current, previous } = splitSecrets(keys.open(sealed, secretContextOf(id)));
  const isBoth = previous !== null && previousSecretUntil !== null && previousSecretUntil > now;
  return signerOf(isBoth ? [current, previous] : [current]);
}

/**
 * Sends what waits in a lane, one after the other: the next only once the one before it was taken, or given up. Each end is
 * committed before the next begins, so that a process that dies leaves at most one that is sent once more.
 */
export async function runLane(services: Services, run: LaneRun, terms: SendingTerms): Promise<void> {
  const { claim, endpoint, sign, waiting } = run;
  for (const delivery of waiting) {
    if (terms.isStopping()) break;
    const body = terms.payloadOf(delivery.event, delivery.type);
    const headers = { 'content-type': 'application/json', ...sign(delivery.event.id, body, new Date()) };
    const attempt = await terms.post(endpoint.url, headers, body);
    const settle = isTaken(attempt) ? settleSuccess : settleFailure;
    if (!(await terms.inTurn(() => settle(services, run, delivery, attempt, terms.leaseMs)))) return;
  }
  await terms.inTurn(() => giveBack(services, claim));
}
