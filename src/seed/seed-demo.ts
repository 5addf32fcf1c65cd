import type { Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { insertDirectoryEntry } from '../directory/directory.repository.ts';
import { generatePassword, hashPassword } from '../identity/password.ts';
import { insertServiceProvider } from '../service-provider/service-provider.repository.ts';
import { actorOf } from '../staff/staff-actor.ts';
import { insertStaffMember } from '../staff/staff-member.repository.ts';
import { fold } from '../text.ts';
import { type DemoCredentials, type DemoUser, writeCredentialsFile } from './credentials-file.ts';
import { type DemoFleet, type PlannedPerson, planDemoFleet } from './demo-fleet.ts';
import { type KeysOf, loadKeys } from './keys-of-roots.ts';
import type { OrganizationHistory, PastEvent } from './organization-history.ts';
import { DAY_MS } from './organization-states.ts';
import { insertUsages } from './past-usage.repository.ts';
import { drawUsage } from './past-usage.ts';
import type { Random } from './random.ts';
import { hasServiceProvider, insertEvents, insertHistories } from './seed.repository.ts';
import { tellHistory } from './tell-history.ts';

export interface SeedOptions {
  readonly now: Date;
  /** Where people sign in. */
  readonly url: string;
  /** Written with mode 0600; the folder must be there. */
  readonly credentialsFile: string;
}

/** True while there is no provider at all: the fleet of the first start may be made. */
export function isEmpty({ database }: Services): Promise<boolean> {
  return database.read(PLATFORM_SCOPE, async (tx) => !(await hasServiceProvider(tx)));
}

/**
 * The demo fleet of the first start, in one transaction. The credentials file is written just before the commit, when
 * everything else has succeeded: a crash leaves a file for a fleet that is not there, and the next start makes both
 * anew, but never a fleet that nobody can sign in to. Of two processes at once the second fails on the first one's
 * names in the directory, before it touches the file.
 */
export function seedDemo(services: Services, { now, url, credentialsFile }: SeedOptions): Promise<DemoCredentials> {
  return services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const fleet = planDemoFleet(now); // here, so that a second attempt has ids of its own
    const withPasswords = Promise.all(fleet.people.map(givePassword));
    const keysOf = await insertProviders(services, tx, fleet, now);
    const histories = fleet.drafts.map((draft) => tellHistory(draft, keysOf(draft.provider), fleet.random, now));
    const events = [...histories.flatMap((history) => history.events), ...otherEvents(fleet, now)];
    await insertHistories(tx, histories, keysOf);
    await insertUsages(
      tx,
      histories.flatMap((history) => {
        const usage = drawUsage(fleet.random, history, now);
        return usage === null ? [] : [{ ...usage, organization: history.organization }];
      }),
    );
    await insertEvents(
      tx,
      events.sort((a, b) => a.at.getTime() - b.at.getTime()),
    );
    const people = await withPasswords;
    await insertPeople(tx, people, histories);
    const credentials = { url, users: people.map(({ user }) => user) };
    await writeCredentialsFile(credentialsFile, credentials);
    return credentials;
  });
}

interface PersonWithPassword extends PlannedPerson {
  readonly user: DemoUser;
  readonly passwordHash: string;
}

async function givePassword(person: PlannedPerson): Promise<PersonWithPassword> {
  const { member, serviceProvider, organization } = person;
  const password = generatePassword();
  const user = { username: member.username, password, role: member.role, serviceProvider, organization };
  return { ...person, user, passwordHash: await hashPassword(password) };
}

/** The names in the directory first: they are what two processes would meet on. */
async function insertProviders(
  { keyRing }: Services,
  tx: Tx,
  { providers, people }: DemoFleet,
  now: Date,
): Promise<KeysOf> {
  const roots = providers.filter(({ parentId }) => parentId === null);
  await Promise.all([
    ...roots.map(({ rootProviderId, id, name }) =>
      insertDirectoryEntry(tx, 'ROOT_PROVIDER_NAME', fold(name), { rootProviderId, targetId: id }),
    ),
    ...people.map(({ member: { rootProviderId, id, username } }) =>
      insertDirectoryEntry(tx, 'LOGIN_NAME', fold(username), { rootProviderId, targetId: id }),
    ),
    ...providers.map((provider) => insertServiceProvider(tx, provider)),
    ...roots.map(({ id }) => keyRing.create(tx, id, now)),
  ]);
  return loadKeys(
    keyRing,
    tx,
    roots.map(({ id }) => id),
  );
}

async function insertPeople(
  tx: Tx,
  people: readonly PersonWithPassword[],
  histories: readonly OrganizationHistory[],
): Promise<void> {
  const organizations = new Map(histories.map(({ organization }) => [organization.organizationId, organization]));
  const inserts = people.map(({ member, createdAt, passwordHash }) => {
    const organization = member.organizationId === null ? undefined : organizations.get(member.organizationId);
    const since = createdAt ?? organization?.createdAt;
    if (since === undefined) throw new Error(`${member.username} belongs to no organization`);
    return insertStaffMember(tx, { ...member, createdAt: since }, passwordHash);
  });
  await Promise.all(inserts);
}

/** What happened besides the organizations: providers were created, and people signed in. */
function otherEvents({ providers, people, random }: DemoFleet, now: Date): PastEvent[] {
  const [founder] = people;
  if (founder === undefined) throw new Error('nobody created the providers');
  const nothing = { result: 'OK', before: null, note: null };
  const created = providers.map(
    (provider): PastEvent => ({
      ...nothing,
      at: provider.createdAt,
      actor: actorOf(founder.member),
      action: 'service_provider.create',
      subject: provider,
      target: provider.id,
      after: { name: provider.name, baseUrl: provider.baseUrl },
    }),
  );
  return [...created, ...people.flatMap(({ member }) => loginsOf(actorOf(member), random, now))];
}

function loginsOf(actor: PastEvent['actor'], random: Random, now: Date): PastEvent[] {
  const logins: PastEvent[] = [];
  while (logins.length < 3 && random.chance(0.7)) {
    const at = new Date(now.getTime() - random.between(0.05, 10) * DAY_MS);
    const result = random.chance(0.15) ? 'AUTHENTICATION_FAILED' : 'OK';
    const nothing = { before: null, after: null, note: null };
    logins.push({ ...nothing, at, actor, action: 'auth.login', subject: actor.home, target: actor.id, result });
  }
  return logins;
}
