import type { Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { SYSTEM_ACTOR } from '../identity/actor.ts';
import type { Role } from '../identity/permissions.ts';
import { newId } from '../ids.ts';
import type { ServiceProvider } from '../service-provider/service-provider.ts';
import { SetupError } from '../setup-error.ts';
import { actorOf } from '../staff/staff-actor.ts';
import type { StaffMember } from '../staff/staff-member.ts';
import { companyNames } from './company-names.ts';
import { drawSharing, externalIdOf } from './demo-fleet.ts';
import { countOrganizations, findProviders, findStaff } from './grow-fleet.repository.ts';
import { loadKeys } from './keys-of-roots.ts';
import { drawState } from './organization-states.ts';
import { insertUsages } from './past-usage.repository.ts';
import { drawStanding } from './past-usage.ts';
import { itemAt, Random } from './random.ts';
import { insertEvents, insertHistories } from './seed.repository.ts';
import { type Cast, type OrganizationDraft, type SharedKey, tellHistory } from './tell-history.ts';

export interface GrowOptions {
  /** How many there are to be in all. */
  readonly organizations: number;
  readonly now: Date;
  /** Told after each transaction how many there are. */
  readonly onProgress?: (done: number) => void;
}

const BATCH = 5_000;
const SHARING_CHANCE = 0.2;
const SHARING_SIZE = 25;
const DRIFT_CHANCE = 0.05;

/** A provider whose people can act on its organizations. */
interface Host {
  readonly provider: ServiceProvider;
  readonly cast: Cast;
  readonly rootCast: Cast;
}

/**
 * Grows the fleet to that many organizations, spread over the providers that have an admin, in the mix of states of the
 * demo fleet. Does nothing when there are as many. Each transaction adds organizations that are whole, so that a run
 * that was broken off goes on where it was.
 * @throws SetupError when there is no provider to grow
 */
export async function growFleet(services: Services, { organizations, now, onProgress }: GrowOptions): Promise<void> {
  const { database } = services;
  const [hosts, existing] = await database.read(PLATFORM_SCOPE, (tx) =>
    Promise.all([findHosts(tx), countOrganizations(tx)]),
  );
  if (existing >= organizations) return;
  if (hosts.length === 0) throw new SetupError('There is no provider with an admin: seed the demo fleet first.');
  const names = companyNames();
  for (let index = 0; index < existing; index++) names.next();
  const random = new Random(existing);
  let index = existing;
  let claimed = existing;
  let done = existing;
  const grow = async () => {
    while (claimed < organizations) {
      const size = Math.min(BATCH, organizations - claimed);
      claimed += size;
      const batch = Array.from({ length: size }, () =>
        draw(random, itemAt(hosts, index % hosts.length), names, index++),
      );
      const added = await database.withTransaction(PLATFORM_SCOPE, (tx) =>
        insertBatch(services, tx, batch, random, now),
      );
      claimed -= size - added;
      done += added;
      onProgress?.(done);
    }
  };
  await Promise.all([grow(), grow()]); // while one transaction waits for the database, the next one is made up
}

async function findHosts(tx: Tx): Promise<Host[]> {
  const [providers, staff] = await Promise.all([findProviders(tx), findStaff(tx)]);
  const casts = new Map(providers.map((provider) => [provider.id, castOf(provider, staff)]));
  return providers.flatMap((provider) => {
    const cast = casts.get(provider.id) ?? null;
    const rootCast = casts.get(provider.rootProviderId) ?? null;
    return cast === null || rootCast === null ? [] : [{ provider, cast, rootCast }];
  });
}

/** Null when the provider has no admin of its own, or the platform has none. */
function castOf({ id }: ServiceProvider, staff: readonly StaffMember[]): Cast | null {
  const find = (providerId: string | null, role: Role) =>
    staff.find((member) => member.providerId === providerId && member.role === role);
  const manager = find(id, 'PROVIDER_ADMIN');
  const platform = find(null, 'PLATFORM_ADMIN');
  if (manager === undefined || platform === undefined) return null;
  const support = find(id, 'PROVIDER_SUPPORT') ?? manager;
  return {
    creator: SYSTEM_ACTOR,
    manager: actorOf(manager),
    support: actorOf(support),
    platform: actorOf(platform),
    orgAdmin: null,
  };
}

type Wanted = Omit<OrganizationDraft, 'sharedKey' | 'isDrifted'> & { readonly host: Host };

function draw(random: Random, host: Host, names: Iterator<string, never>, index: number): Wanted {
  return {
    organizationId: newId<'Organization'>(),
    provider: host.provider,
    name: names.next().value,
    externalId: externalIdOf(random, index),
    state: drawState(random),
    cast: host.cast,
    host,
  };
}

/** @returns how many were added: fewer than wanted when somebody has taken a name already */
async function insertBatch(
  services: Services,
  tx: Tx,
  batch: readonly Wanted[],
  random: Random,
  now: Date,
): Promise<number> {
  const roots = batch.map(({ provider }) => provider.rootProviderId);
  const keysOf = await loadKeys(services.keyRing, tx, roots);
  const drafts = shareKeys(random, batch, now);
  const histories = drafts.map((draft) => tellHistory(draft, keysOf(draft.provider), random, now));
  const inserted = await insertHistories(tx, histories, keysOf);
  await insertUsages(
    tx,
    inserted.flatMap((history) => {
      const usage = drawStanding(random, history, now);
      return usage === null ? [] : [{ ...usage, organization: history.organization }];
    }),
  );
  await insertEvents(
    tx,
    inserted.flatMap(({ events }) => events.slice(0, 1)),
  ); // the creation
  return inserted.length;
}

function shareKeys(random: Random, wanted: readonly Wanted[], now: Date): OrganizationDraft[] {
  const current = new Map<string, SharedKey>();
  return wanted.map(({ host, ...draft }) => {
    if (draft.state !== 'ACTIVE' || !random.chance(SHARING_CHANCE))
      return { ...draft, sharedKey: null, isDrifted: false };
    const { rootProviderId } = draft.provider;
    const running = current.get(rootProviderId);
    const isOver = running === undefined || random.chance(1 / SHARING_SIZE);
    const sharedKey = isOver ? drawSharing(random, host.rootCast.manager, now) : running;
    current.set(rootProviderId, sharedKey);
    return { ...draft, sharedKey, isDrifted: random.chance(DRIFT_CHANCE) };
  });
}
