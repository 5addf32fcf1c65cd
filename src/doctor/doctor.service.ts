import { findOldestUnsealed } from '../audit/audit-chain.repository.ts';
import type { Database } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { dataKeyContext, signingKeyContext } from '../secrets/data-key.ts';
import type { KeyEncryptionKeys, Wrapped } from '../secrets/key-encryption-keys.ts';
import {
  findAllDataKeys,
  findProtection,
  findQueue,
  findSchedule,
  findServer,
  findWrappedSigningKeys,
  hasRole,
  readClock,
  seesTenants,
} from './doctor.repository.ts';
import { type Check, type Finding, ok, problemOf } from './finding.ts';
import { type ClockFacts, judgeClock, judgeMissingLogin, judgeProtection, judgeServer } from './judge-database.ts';
import { judgeQueue, judgeSchedule, judgeTrail } from './judge-jobs.ts';
import { judgeKeys, type KeyFacts } from './judge-keys.ts';

/** Looks that make the clock's difference certain enough. */
const CLOCK_LOOKS = 5;

/** The role that servers work as. */
export interface RuntimeLogin {
  /** The one that servers derive and make themselves; null: one that was given. */
  readonly derivedRole: string | null;
  /** @throws SetupError when row-level security would not hold for it, or it cannot connect */
  check(): Promise<void>;
}

/** @param owner connected as the owner of the tables, or whoever is to own them; nothing is changed by any of these */
export async function examineServer(owner: Database, connectionsOfProcess: number): Promise<Finding[]> {
  return judgeServer(await owner.readSnapshot(PLATFORM_SCOPE, findServer), connectionsOfProcess);
}

/** Whether row-level security holds for the application, and the audit trail cannot be changed by it. */
export async function examineRoles(owner: Database, login: RuntimeLogin): Promise<Finding[]> {
  const { facts, isLoginThere } = await owner.readSnapshot(PLATFORM_SCOPE, async (tx) => ({
    facts: await findProtection(tx),
    isLoginThere: login.derivedRole === null || (await hasRole(tx, login.derivedRole)),
  }));
  const ofTables = judgeProtection(facts);
  if (!isLoginThere) return [...ofTables, judgeMissingLogin(login.derivedRole ?? '', facts)];
  try {
    await login.check();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [...ofTables, problemOf('roles', error.message)];
  }
  if (ofTables.length > 0) return ofTables;
  return [
    ok('roles', 'The application owns nothing and bypasses nothing; row-level security is forced on every tenant.'),
  ];
}

/** As far ahead of the database as the quickest of a few looks shows. */
export async function examineClock(owner: Database): Promise<Finding[]> {
  const looks = await owner.readSnapshot(PLATFORM_SCOPE, async (tx) => {
    const taken: ClockFacts[] = [];
    for (let look = 0; look < CLOCK_LOOKS; look++) {
      const before = Date.now();
      const theirs = await readClock(tx);
      const after = Date.now();
      taken.push({ aheadMs: (before + after) / 2 - theirs, uncertaintyMs: (after - before) / 2 });
    }
    return taken;
  });
  const best = looks.reduce((one, other) => (other.uncertaintyMs < one.uncertaintyMs ? other : one));
  return [judgeClock(best)];
}

/**
 * Opens whatever is wrapped, and forgets it.
 * @param database as the role that Keyward works as: the owner of the tables, unless a superuser, sees no key of a tenant
 */
export async function examineKeys(
  database: Database,
  keys: KeyEncryptionKeys,
  previousId: string | null,
): Promise<Finding[]> {
  const wrapped = await database.readSnapshot(PLATFORM_SCOPE, async (tx) => {
    if (!(await seesTenants(tx))) return null;
    const ofData = (await findAllDataKeys(tx)).map((key) => ({
      key,
      name: `data key ${key.rootProviderId} ${key.purpose} ${key.version}`,
      context: dataKeyContext(key.rootProviderId, key),
    }));
    const ofSigning = (await findWrappedSigningKeys(tx)).map((key) => ({
      key,
      name: `signing key ${key.id}`,
      context: signingKeyContext(key.id),
    }));
    return [...ofData, ...ofSigning];
  });
  if (wrapped === null) return [unseen('keys')];
  return judgeKeys(await openAll(wrapped, keys, previousId));
}

/** How long events wait for the sealer. @param database as of `examineKeys` */
export async function examineTrail(database: Database): Promise<Finding[]> {
  const seconds = await database.readSnapshot(PLATFORM_SCOPE, async (tx) =>
    (await seesTenants(tx)) ? findOldestUnsealed(tx) : null,
  );
  return [seconds === null ? unseen('audit trail') : judgeTrail(seconds)];
}

function unseen(check: Check): Finding {
  const message = 'The user of DATABASE_URL does not see the rows of tenants, and the role that does cannot connect.';
  return { check, status: 'NOT_CHECKED', message, advice: null };
}

interface Named {
  readonly key: Wrapped;
  readonly name: string;
  readonly context: string;
}

async function openAll(all: readonly Named[], keys: KeyEncryptionKeys, previousId: string | null): Promise<KeyFacts> {
  const known = all.filter(({ key }) => keys.has(key.keyEncryptionKeyId));
  const foreign = all.filter(({ key }) => !keys.has(key.keyEncryptionKeyId));
  const broken: string[] = [];
  let openedByPrevious = 0;
  for (const { key, name, context } of known) {
    const opens = await keys.unwrap(key, context).then(
      () => true,
      () => false,
    );
    if (!opens) broken.push(name);
    else if (key.keyEncryptionKeyId === previousId) openedByPrevious++;
  }
  return {
    hasKey: keys.currentId !== null,
    hasPreviousKey: previousId !== null,
    opened: known.length - broken.length,
    openedByPrevious,
    foreign: foreign.length,
    foreignKeys: new Set(foreign.map(({ key }) => key.keyEncryptionKeyId)).size,
    broken,
  };
}

/** Whether the background's work is done, and in time. @param names of the jobs that are due each minute */
export async function examineJobs(owner: Database, names: readonly string[]): Promise<Finding[]> {
  const { queue, schedule } = await owner.readSnapshot(PLATFORM_SCOPE, async (tx) => ({
    queue: await findQueue(tx),
    schedule: await findSchedule(tx, names),
  }));
  const ofQueue = queue === null ? [ok('queue', 'No server has been started yet.')] : judgeQueue(queue);
  return [...ofQueue, ...judgeSchedule(schedule)];
}
