import pg from 'pg';
import type { Config } from './config.ts';
import { Database } from './database/database.ts';
import { isDatabaseAway } from './database/database-away.ts';
import { findRunningPostgres, hasEmbeddedPostgres, startEmbeddedPostgres } from './database/embedded-postgres.ts';
import { lookAtMigrations } from './database/look-at-migrations.ts';
import { checkRuntimeRole, runtimeLoginOf } from './database/runtime-login.ts';
import {
  examineClock,
  examineJobs,
  examineKeys,
  examineRoles,
  examineServer,
  examineTrail,
} from './doctor/doctor.service.ts';
import {
  type Finding,
  inOrder,
  isHealthy,
  nextCheck,
  notChecked,
  ok,
  problem,
  problemOf,
  warning,
} from './doctor/finding.ts';
import { judgeSettings } from './doctor/judge-settings.ts';
import { connectionsOfProcess } from './installation.ts';
import { createLog } from './log.ts';
import { jobNames } from './scheduled-jobs.ts';
import { LocalKeyEncryptionKey } from './secrets/key-encryption-key.ts';
import { KeyEncryptionKeys } from './secrets/key-encryption-keys.ts';
import { readLocalKey } from './secrets/local-key-file.ts';
import { SetupError } from './setup-error.ts';

/**
 * Looks at everything that a server needs, beside running servers, and changes nothing.
 * @param readConfig a SetupError of it is a finding
 */
export async function examineInstallation(readConfig: () => Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  try {
    await lookInto(findings, readConfig);
  } catch (error) {
    findings.push(problemOf(nextCheck(findings), lineOf(error)));
  }
  const reason = isHealthy(findings) ? 'There is no database yet.' : 'That comes after what is wrong.';
  return inOrder([...findings, ...notChecked(findings, reason)]);
}

/** What the program itself would say of it; of what the database refuses there is nothing but its code. */
function lineOf(error: unknown): string {
  if (error instanceof SetupError) return error.message;
  if (isDatabaseAway(error)) return 'The database went away meanwhile: see whether it runs, then run this again.';
  if (!(error instanceof pg.DatabaseError)) throw error;
  return `The database refused to answer (${error.code ?? 'no code'}): look into its log, and into the rights of the user of DATABASE_URL.`;
}

/** Adds to `findings` until something is missing that the rest needs. @throws SetupError */
async function lookInto(findings: Finding[], readConfig: () => Config): Promise<void> {
  const config = readConfig();
  findings.push(...judgeSettings(settingsOf(config)));
  await using opened = await openOwner(config);
  if (opened === null) {
    findings.push(ok('database', `There is none in ${config.dataDir}: the first start makes it.`));
    return;
  }
  const { ownerUrl } = opened;
  const migrations = await lookAtMigrations(ownerUrl);
  await using owner = openDatabase(ownerUrl, true);
  findings.push(...(await examineServer(owner.database, connectionsOfProcess(config))));
  if (migrations.refusal !== null) findings.push(problemOf('migrations', migrations.refusal));
  else if (migrations.isUnderWay) findings.push(beingApplied);
  else if (migrations.missing.length > 0) findings.push(missing(migrations.missing));
  else findings.push(ok('migrations', `All ${migrations.known} are applied.`));
  if (migrations.refusal === null && migrations.missing.length === 0) {
    findings.push(...(await examineRolesAndTenants(config, ownerUrl, owner.database)));
    findings.push(...(await examineJobs(owner.database, jobNames)));
  }
  findings.push(...(await examineClock(owner.database)));
}

/** Connected as servers are, which may be through a pooler. What is of tenants by the owner where that role cannot connect. */
async function examineRolesAndTenants(config: Config, ownerUrl: string, owner: Database): Promise<Finding[]> {
  const given = config.database.kind === 'EXTERNAL' ? config.database.runtimeUrl : null;
  const derived = runtimeLoginOf(ownerUrl);
  await using runtime = openDatabase(given ?? derived.connectionString, config.preparedStatements);
  const roles = await examineRoles(owner, {
    derivedRole: given === null ? derived.role : null,
    check: () => checkRuntimeRole(runtime.database.pool),
  });
  const { keys, previousId } = await keysOf(config);
  const seeing = (await runtime.database.isReachable()) ? runtime.database : owner;
  return [...roles, ...(await examineKeys(seeing, keys, previousId)), ...(await examineTrail(seeing))];
}

const beingApplied = warning(
  'migrations',
  'They are being applied now, by another process.',
  'Wait until it is ready, then run this again.',
);

function missing(names: readonly string[]): Finding {
  return problem(
    'migrations',
    `The database lacks ${names.length}: ${names.join(', ')}.`,
    'Run `keyward migrate`, or start a server of this version, which does the same.',
  );
}

function settingsOf(config: Config) {
  return {
    isExternal: config.database.kind === 'EXTERNAL',
    publicUrl: config.publicUrl,
    introspection: config.introspection,
    trustsProxies: config.trustedProxies.length > 0,
    hasCheckpointFile: config.auditCheckpointFile !== null,
  };
}

/** Starts the built-in database for as long as it is looked at, unless a server runs it; null when there is none yet. */
async function openOwner({ database, dataDir }: Config): Promise<(AsyncDisposable & { ownerUrl: string }) | null> {
  const nothingToStop = async () => undefined;
  if (database.kind === 'EXTERNAL') return { ownerUrl: database.ownerUrl, [Symbol.asyncDispose]: nothingToStop };
  const running = await findRunningPostgres(dataDir);
  if (running !== null) return { ownerUrl: running, [Symbol.asyncDispose]: nothingToStop };
  if (!(await hasEmbeddedPostgres(dataDir))) return null;
  const started = await startEmbeddedPostgres(dataDir);
  return { ownerUrl: started.connectionString, [Symbol.asyncDispose]: () => started.stop() };
}

const LIMITS = { statementTimeoutMs: 15_000, lockTimeoutMs: 5000, silentServerMs: 20_000, silentProgramMs: 60_000 };

/** With one connection: what else is connected is somebody else. */
function openDatabase(
  connectionString: string,
  preparedStatements: boolean,
): AsyncDisposable & { readonly database: Database } {
  const log = createLog('silent');
  const database = new Database({ connectionString, poolSize: 1, preparedStatements, ...LIMITS, log });
  return { database, [Symbol.asyncDispose]: () => database.close() };
}

async function keysOf(config: Config): Promise<{ keys: KeyEncryptionKeys; previousId: string | null }> {
  const isInDataDir = config.keyEncryptionKey === null && config.database.kind === 'EMBEDDED';
  const current = isInDataDir ? await readLocalKey(config.dataDir) : config.keyEncryptionKey;
  const asKey = (key: Buffer | null) => (key === null ? null : new LocalKeyEncryptionKey(key));
  const previous = asKey(config.previousKeyEncryptionKey);
  return { keys: new KeyEncryptionKeys(asKey(current), previous), previousId: previous?.id ?? null };
}
