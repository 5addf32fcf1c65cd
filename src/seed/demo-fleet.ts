import { KeyString } from '../api-key/key-string.ts';
import { type Actor, PLATFORM_HOME, type Place } from '../identity/actor.ts';
import type { Role } from '../identity/permissions.ts';
import { newId, type OrganizationId } from '../ids.ts';
import type { ServiceProvider } from '../service-provider/service-provider.ts';
import { actorOf } from '../staff/staff-actor.ts';
import { newStaffMember, type StaffMember } from '../staff/staff-member.ts';
import { companyNames } from './company-names.ts';
import { type DemoProvider, demoProviders, demoSharings, PLATFORM_DOMAIN, platformStaff } from './demo-providers.ts';
import { DAY_MS, type OrganizationState, shuffledStates } from './organization-states.ts';
import { itemAt, Random } from './random.ts';
import { EARLIEST_SHARING_DAYS, LATEST_SHARING_DAYS, type OrganizationDraft, type SharedKey } from './tell-history.ts';

export interface PlannedPerson {
  readonly member: StaffMember & { readonly role: Role };
  /** Null: when their organization was. */
  readonly createdAt: Date | null;
  readonly serviceProvider: string | null;
  readonly organization: string | null;
}

export interface DemoFleet {
  /** Parents before their resellers. */
  readonly providers: readonly ServiceProvider[];
  readonly people: readonly PlannedPerson[];
  readonly drafts: readonly OrganizationDraft[];
  /** Tells the same story for the same fleet. */
  readonly random: Random;
}

/** An organization while the fleet is being put together. */
interface Seat {
  readonly organizationId: OrganizationId;
  readonly provider: ServiceProvider;
  readonly name: string;
  readonly externalId: string | null;
  readonly state: OrganizationState;
  person: PlannedPerson['member'] | null;
  sharedKey: SharedKey | null;
  isDrifted: boolean;
}

const SEED = 20_261_132;

/** Always the same fleet but for ids, strings and the time of day: names, states and who works where stay. */
export function planDemoFleet(now: Date): DemoFleet {
  const random = new Random(SEED);
  const providers = planProviders(now);
  const staff = planStaff(providers, now);
  const seats = planSeats(random, [...providers.values()]);
  const customers = demoProviders.flatMap((demo) => planCustomers(demo, seats, now));
  const people = [...staff, ...customers];
  const actorAt = (providerId: string | null, role: Role) => findActor(staff, providerId, role);
  shareKeys(random, seats, providers, (root) => actorAt(root.id, 'PROVIDER_ADMIN'), now);
  const platform = actorAt(null, 'PLATFORM_ADMIN');
  const drafts = seats.map((seat): OrganizationDraft => {
    const { person, provider, ...rest } = seat;
    const manager = actorAt(provider.id, 'PROVIDER_ADMIN');
    const support = actorAt(provider.id, 'PROVIDER_SUPPORT');
    const creator = random.pick([manager, manager, actorAt(provider.rootProviderId, 'PROVIDER_ADMIN'), platform]);
    const orgAdmin = person?.role === 'ORG_ADMIN' ? actorOf(person) : null;
    return { ...rest, provider, cast: { creator, manager, support, platform, orgAdmin } };
  });
  return { providers: [...providers.values()].map(({ provider }) => provider), people, drafts, random };
}

interface PlannedProvider {
  readonly demo: DemoProvider;
  readonly provider: ServiceProvider;
}

function planProviders(now: Date): Map<string, PlannedProvider> {
  const planned = new Map<string, PlannedProvider>();
  for (const demo of demoProviders) {
    const parent = demo.parent === null ? null : providerNamed(planned, demo.parent);
    const id = newId<'ServiceProvider'>();
    const provider: ServiceProvider = {
      rootProviderId: parent?.rootProviderId ?? id,
      id,
      parentId: parent?.id ?? null,
      providerPath: [...(parent?.providerPath ?? []), id],
      name: demo.name,
      baseUrl: demo.baseUrl,
      createdAt: new Date(now.getTime() - (760 - 4 * planned.size) * DAY_MS),
      approvalAbove: null,
      overlapAllowedMinutes: 0,
      organizationId: null,
    };
    planned.set(demo.name, { demo, provider });
  }
  return planned;
}

function providerNamed(planned: ReadonlyMap<string, PlannedProvider>, name: string): ServiceProvider {
  const found = planned.get(name);
  if (found === undefined) throw new Error(`no provider is named ${name}`);
  return found.provider;
}

function planStaff(providers: ReadonlyMap<string, PlannedProvider>, now: Date): PlannedPerson[] {
  const founders = platformStaff.map(({ role, displayName }) => ({
    member: memberOf({ ...PLATFORM_HOME, providerId: null }, role, displayName, PLATFORM_DOMAIN, now),
    createdAt: new Date(now.getTime() - 800 * DAY_MS),
    serviceProvider: null,
    organization: null,
  }));
  const staff = [...providers.values()].flatMap(({ demo, provider }) =>
    demo.staff.map(({ role, displayName }) => ({
      member: memberOf({ ...homeOf(provider), organizationId: null }, role, displayName, demo.domain, now),
      createdAt: new Date(provider.createdAt.getTime() + 3_600_000),
      serviceProvider: provider.name,
      organization: null,
    })),
  );
  return [...founders, ...staff];
}

/** @param now stands in for when they were created, which the plan tells separately */
function memberOf(place: Place, role: Role, displayName: string, domain: string, now: Date) {
  const username = `${role.slice(role.indexOf('_') + 1).toLowerCase()}@${domain}`;
  return newStaffMember({ place, role, displayName, username, createdAt: now });
}

function homeOf({ rootProviderId, id: providerId, providerPath }: ServiceProvider) {
  return { rootProviderId, providerId, providerPath };
}

/** The 300 places at the five providers, with their names and states. */
function planSeats(random: Random, providers: readonly PlannedProvider[]): Seat[] {
  const hosts = random.shuffle(
    providers.flatMap(({ demo, provider }) => Array<ServiceProvider>(demo.organizations).fill(provider)),
  );
  const states = shuffledStates(random);
  const names = companyNames();
  return hosts.map((provider, index) => ({
    organizationId: newId<'Organization'>(),
    provider,
    name: names.next().value,
    externalId: externalIdOf(random, index),
    state: itemAt(states, index),
    person: null,
    sharedKey: null,
    isDrifted: false,
  }));
}

/** Most providers number their customers, like `C-10234`. @param index counts over the whole installation */
export function externalIdOf(random: Random, index: number): string | null {
  return random.chance(0.7) ? `C-${10_000 + index}` : null;
}

function planCustomers(demo: DemoProvider, seats: readonly Seat[], now: Date): PlannedPerson[] {
  return demo.customers.map(({ role, displayName, state }) => {
    const free = seats.filter(
      (seat) =>
        seat.provider.name === demo.name && seat.state === state && seat.person === null && seat.name.length < 60,
    );
    const seat = free.find(({ name }) => domainOf(name) !== null) ?? free[0];
    if (seat === undefined) throw new Error(`${demo.name} has no organization ${state}`);
    const { organizationId, name } = seat;
    const domain = domainOf(name) ?? `customer-${seats.indexOf(seat)}.example`;
    const person = memberOf({ ...homeOf(seat.provider), organizationId }, role, displayName, domain, now);
    seat.person = person;
    return { member: person, createdAt: null, serviceProvider: demo.name, organization: name };
  });
}

/** Null for a name that no keyboard types as plain letters. */
function domainOf(name: string): string | null {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/[\p{M}’]/gu, '')
    .toLowerCase();
  if (!/^[a-z0-9 &.,-]+$/.test(plain)) return null;
  return `${plain.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')}.example`;
}

function shareKeys(
  random: Random,
  seats: readonly Seat[],
  providers: ReadonlyMap<string, PlannedProvider>,
  adminOf: (root: ServiceProvider) => Actor,
  now: Date,
): void {
  for (const { root, members, drifted } of demoSharings) {
    const rootProvider = providerNamed(providers, root);
    const sharedKey = drawSharing(random, adminOf(rootProvider), now);
    const isFree = ({ provider, state, person, sharedKey: other }: Seat) =>
      provider.rootProviderId === rootProvider.id && state === 'ACTIVE' && person === null && other === null;
    const group = seats.filter(isFree).slice(0, members + drifted);
    if (group.length < members + drifted) throw new Error(`${root} has too few organizations to share a key`);
    for (const [index, seat] of group.entries()) {
      seat.sharedKey = sharedKey;
      seat.isDrifted = index >= members;
    }
  }
}

/** A new string, and when many organizations were put on it. */
export function drawSharing(random: Random, by: Actor, now: Date): SharedKey {
  const at = new Date(now.getTime() - random.between(LATEST_SHARING_DAYS, EARLIEST_SHARING_DAYS) * DAY_MS);
  return { keyString: KeyString.generate(), at, by };
}

function findActor(staff: readonly PlannedPerson[], providerId: string | null, role: Role): Actor {
  const found = staff.find(({ member }) => member.providerId === providerId && member.role === role);
  if (found === undefined) throw new Error(`nobody is ${role} there`);
  return actorOf(found.member);
}
