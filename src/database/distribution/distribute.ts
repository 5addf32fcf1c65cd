import type pg from 'pg';
import { SetupError } from '../../setup-error.ts';
import { lookAtMigrations } from '../look-at-migrations.ts';
import { connect } from '../migrate.ts';
import { countServers, countWorkers, findCitus, readCatalog } from './distribution-catalog.ts';
import { type DistributionPlan, planDistribution } from './distribution-plan.ts';

/**
 * What two of them at once would take: for the session, as each step is a transaction of its own. It is on a connection of this run's
 * own, straight to the server, and ends with that.
 */
const advisoryLockKey = '30228209073615461';

/**
 * Spreads the tables over the machines of a Citus cluster, or goes on where an earlier run ended. A second run does nothing.
 * @param isDryRun says what it would do, with the SQL, and changes nothing
 * @throws SetupError where there is no Citus, servers run, migrations are missing, or a table is not as Citus takes it
 */
export async function distribute(
  ownerConnectionString: string,
  { isDryRun, say }: { readonly isDryRun: boolean; readonly say: (line: string) => void },
): Promise<void> {
  const migrations = await lookAtMigrations(ownerConnectionString);
  if (migrations.refusal !== null) throw new SetupError(migrations.refusal);
  const client = await connect(ownerConnectionString, 'keyward distribute');
  try {
    await requireCitus(client);
    if (migrations.missing.length > 0) {
      throw new SetupError('The database is not up to date: run "keyward migrate" first.');
    }
    const plan = planDistribution(await readCatalog(client));
    if (plan.refusals.length > 0) {
      throw new SetupError(['Nothing was changed, since Citus would refuse this:', ...plan.refusals].join('\n  '));
    }
    for (const line of plan.settled) say(line);
    if (isDryRun) return sayPlan(plan, say);
    if (plan.steps.length > 0) await carryOut(client, plan, say);
    say(plan.steps.length === 0 ? 'Everything is distributed: there was nothing to do.' : 'Everything is distributed.');
    if ((await countWorkers(client)) === 0) {
      say(
        "There is no worker yet, so all of it lies on this machine: SELECT citus_add_node('<host>', 5432), then SELECT citus_rebalance_start(), for which every machine needs wal_level = logical.",
      );
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function requireCitus(client: pg.Client): Promise<void> {
  const { version, isInstallable } = await findCitus(client);
  if (version !== null) return;
  throw new SetupError(
    isInstallable
      ? 'This database does not have the extension Citus, but its server has: run "CREATE EXTENSION citus" here, in the database of the same name on every worker too. Nothing was changed.'
      : "This database's server does not have the extension Citus: install it there and on every worker, with shared_preload_libraries = 'citus', and run \"CREATE EXTENSION citus\". One PostgreSQL does well without it: docs/growing.md says until when. Nothing was changed.",
  );
}

function sayPlan({ steps }: DistributionPlan, say: (line: string) => void): void {
  for (const { says, sql } of steps) {
    say(`would be so: ${says}`);
    for (const statement of sql) say(`  ${statement};`);
  }
  say(steps.length === 0 ? 'Everything is distributed: there is nothing to do.' : 'A dry run: nothing was changed.');
}

async function carryOut(client: pg.Client, { steps }: DistributionPlan, say: (line: string) => void): Promise<void> {
  const { rows } = await client.query<{ taken: boolean }>(
    '/* distribution.lock */ select pg_try_advisory_lock($1::bigint) as taken',
    [advisoryLockKey],
  );
  if (rows[0]?.taken !== true) throw new SetupError('Somebody else is distributing this database: wait for its end.');
  const servers = await countServers(client);
  if (servers > 0) {
    throw new SetupError(
      `Servers have ${servers} connections to this database, and would wait for every table: stop them first. If they are stopped, these are idle ones of PgBouncer: stop that too, and start it again afterwards. Nothing was changed.`,
    );
  }
  await client.query('set statement_timeout = 0; set lock_timeout = 0');
  for (const { says, sql } of steps) {
    for (const statement of sql) {
      await client.query(`/* distribution.step */ ${statement}`).catch((cause: unknown) => {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new SetupError(
          `"${statement}" failed: ${reason}. What was said before is done; remove the cause and run this again, it goes on from there.`,
          { cause },
        );
      });
    }
    say(says);
  }
}
