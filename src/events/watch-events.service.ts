import { LRUCache } from 'lru-cache';
import type { RequestContext } from '../context.ts';
import type { Database } from '../database/database.ts';
import { inSight, PLATFORM_SCOPE, type Scope } from '../database/scope.ts';
import { validationFailed } from '../errors.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { AuditEventId, OrganizationRef, ServiceProviderId } from '../ids.ts';
import { findOrganization } from '../organization/organization.repository.ts';
import { SharedLooks } from '../shared-looks.ts';
import type { Event } from './event.ts';
import { EventFeed } from './event-feed.ts';
import { findChainHeads, findEvents, findLinksAfter, findRecentEvents } from './event-tail.repository.ts';
import {
  actionsOf,
  type EventType,
  eventTypeOf,
  eventTypes,
  parseEventTypes,
  permissionForEvent,
} from './event-type.ts';

const INTERVAL_MS = 500;
/** Of one look; what more there is comes with the next. */
const MOST_AT_ONCE = 1000;
/** Kept for those who are slow. */
const MOST_KEPT = 2000;
const MOST_RECENT = 100;
/** Nobody has looked for so long: whoever comes begins anew. */
const FORGOTTEN_AFTER_MS = 10_000;
const MOST_FEEDS = 10_000;

export interface EventFilter {
  /** Null: of all that the caller may be told of. */
  readonly types: readonly string[] | null;
  /** `'UNKNOWN'`: an id that names nothing; null: of all in sight. */
  readonly organization: OrganizationRef | 'UNKNOWN' | null;
  /** So many that have happened already are told first, at most `MOST_RECENT`. */
  readonly last: number;
}

export interface ToldEvent {
  readonly event: Event;
  readonly type: EventType;
}

export interface EventBatch {
  readonly events: readonly ToldEvent[];
  /** Some came and went while the listener took its time. */
  readonly hasMissed: boolean;
}

/**
 * At once a batch with the last that happened, which says that from then on none is left out; and then those that come,
 * about a second after they happened, in the order of their root's chain. Of an organization that does not exist or is out of sight there
 * is nothing to tell.
 *
 * The tail of the chains is looked at with the eyes of the platform, ids only; the events themselves under row-level
 * security with the listener's own. Those who listen with the same scope share both, and nobody else does.
 * @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED`
 */
export function watchEvents(
  ctx: RequestContext,
  filter: EventFilter,
  signal: AbortSignal,
): AsyncGenerator<EventBatch, void, undefined> {
  requirePermission(ctx.actor, 'apiKey:view');
  const types = filter.types === null ? eventTypes : parseEventTypes('types', filter.types);
  if (filter.last < 0 || filter.last > MOST_RECENT) throw validationFailed('last', `Give 0 to ${MOST_RECENT}.`);
  const allowed = types.filter((type) => ctx.actor.permissions.has(permissionForEvent(type)));
  return batches(ctx, { ...filter, types: allowed }, signal);
}

interface Asked extends EventFilter {
  /** Those that the caller may be told of. */
  readonly types: readonly EventType[];
}

async function* batches(
  { actor, database }: RequestContext,
  asked: Asked,
  signal: AbortSignal,
): AsyncGenerator<EventBatch, void, undefined> {
  const { scope } = actor;
  const { organization } = asked;
  if (organization !== null && !(await seesOrganization(database, scope, organization))) return;
  const told = new Set<AuditEventId>();
  let place: number | null = null;
  for await (const feed of watchedOf(database).watch(scope, signal)) {
    const isFirst = place === null;
    const { events, hasMissed }: Fed = place === null ? NOTHING : feed.from(place);
    place = feed.end;
    const recent = isFirst && asked.last > 0 ? await recentEvents(database, scope, asked) : [];
    const batch = [...recent, ...events].flatMap((event) => toldOf(event, scope, asked));
    const news = batch.filter(({ event }) => !told.has(event.id));
    for (const { id } of recent) told.add(id);
    if (isFirst || news.length > 0 || hasMissed) yield { events: news, hasMissed };
  }
}

type Fed = ReturnType<EventFeed['from']>;
const NOTHING: Fed = { events: [], hasMissed: false };

/** The event as it is told; nothing when the caller may not see it or has not asked. */
function toldOf(event: Event, scope: Scope, { types, organization }: Asked): ToldEvent[] {
  const type = eventTypeOf(event.action);
  if (type === null || !types.includes(type) || !inSight(scope, event)) return [];
  const isAsked =
    organization === null || organization === 'UNKNOWN' || event.organizationId === organization.organizationId;
  return isAsked ? [{ event, type }] : [];
}

function recentEvents(database: Database, scope: Scope, { types, organization, last }: Asked): Promise<Event[]> {
  const organizationId = organization === null || organization === 'UNKNOWN' ? null : organization.organizationId;
  const actions = actionsOf(types).map(({ action }) => action);
  return database.read(scope, (tx) => findRecentEvents(tx, scope, actions, organizationId, last));
}

async function seesOrganization(database: Database, scope: Scope, ref: OrganizationRef | 'UNKNOWN'): Promise<boolean> {
  if (ref === 'UNKNOWN') return false;
  const found = await database.read(scope, (tx) => findOrganization(tx, ref));
  return found !== null && inSight(scope, found);
}

/** What one scope has been fed, and how far the chains were looked at for it. */
interface Watched {
  readonly feed: EventFeed;
  seen: ReadonlyMap<ServiceProviderId, number> | null;
  lookedAt: number;
}

/** The feeds of one database, each under the scope that sees it. */
class WatchedScopes {
  readonly #database: Database;
  readonly #looks = new SharedLooks<EventFeed>(INTERVAL_MS);
  readonly #scopes = new LRUCache<string, Watched>({ max: MOST_FEEDS });

  constructor(database: Database) {
    this.#database = database;
  }

  watch(scope: Scope, signal: AbortSignal): AsyncGenerator<EventFeed, void, undefined> {
    const key = JSON.stringify(scope);
    return this.#looks.watch(key, () => this.#look(key, scope), signal);
  }

  async #look(key: string, scope: Scope): Promise<EventFeed> {
    const now = performance.now();
    const watched = this.#scopes.get(key) ?? { feed: new EventFeed(MOST_KEPT), seen: null, lookedAt: now };
    this.#scopes.set(key, watched);
    if (now - watched.lookedAt > FORGOTTEN_AFTER_MS) {
      watched.seen = null;
      watched.feed.skip();
    }
    watched.lookedAt = now;
    const root = scope.level === 'PROVIDER' || scope.level === 'ORGANIZATION' ? scope.rootProviderId : null;
    const heads = await this.#database.read(PLATFORM_SCOPE, (tx) => findChainHeads(tx, root));
    const { seen } = watched;
    if (seen === null) {
      watched.seen = new Map(heads.map(({ rootProviderId, sequence }) => [rootProviderId, sequence]));
      return watched.feed;
    }
    const behind = heads
      .map(({ rootProviderId, sequence }) => ({
        rootProviderId,
        sequence: seen.get(rootProviderId) ?? 0,
        head: sequence,
      }))
      .filter(({ sequence, head }) => sequence < head);
    if (behind.length === 0) return watched.feed;
    const links = await this.#database.read(PLATFORM_SCOPE, (tx) => findLinksAfter(tx, behind, MOST_AT_ONCE));
    watched.feed.add(await this.#database.read(scope, (tx) => findEvents(tx, links)));
    watched.seen = new Map([...seen, ...links.map((link) => [link.rootProviderId, link.sequence] as const)]);
    return watched.feed;
  }
}

const watchedBy = new WeakMap<Database, WatchedScopes>();

function watchedOf(database: Database): WatchedScopes {
  const known = watchedBy.get(database);
  if (known !== undefined) return known;
  const scopes = new WatchedScopes(database);
  watchedBy.set(database, scopes);
  return scopes;
}
