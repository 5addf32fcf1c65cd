import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Check, Finding } from '../../src/doctor/finding.ts';
import { examineInstallation } from '../../src/doctor.ts';
import { openInstallation } from '../../src/installation.ts';
import { createLog } from '../../src/log.ts';
import { freePort } from '../support/free-port.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { temporaryDirectory } from '../support/keyward-process.ts';

import { cloneTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { openInstallationOn, startServerOn, testConfig } from '../support/test-installation.ts';

const KEY = randomBytes(32);

function envOf(database: TestDatabase, more: Record<string, string> = {}): Record<string, string> {
  return {
    DATABASE_URL: database.ownerUrl,
    KEYWARD_KEY_ENCRYPTION_KEY: KEY.toString('base64'),
    KEYWARD_PUBLIC_URL: 'https://keys.example.com',
    KEYWARD_TRUSTED_PROXIES: '10.0.0.0/8',
    KEYWARD_AUDIT_CHECKPOINT_FILE: '/nonexistent',
    NODE_ENV: 'production',
    ...more,
  };
}

/** A database that a server has had, with a tenant in it. */
async function usedDatabase(): Promise<TestDatabase> {
  const database = await cloneTestDatabase();
  onTestFinished(() => database[Symbol.asyncDispose]());
  const config = testConfig(database, { keyEncryptionKey: KEY });
  await using installation = await openInstallationOn(database, config);
  await createKeyWorld({ ...installation, database });
  return database;
}

function of(findings: readonly Finding[], check: Check) {
  return findings.filter((finding) => finding.check === check);
}

const examine = (env: Record<string, string>) => examineInstallation(() => readConfig(env));
const statusesOf = (findings: readonly Finding[]) =>
  Object.fromEntries(findings.map(({ check, status }) => [check, status]));

const allOk = {
  configuration: 'OK',
  database: 'OK',
  migrations: 'OK',
  roles: 'OK',
  clock: 'OK',
  keys: 'OK',
  queue: 'OK',
  'scheduled jobs': 'OK',
  'audit trail': 'OK',
};

describe('an installation that is well', () => {
  test('with a server that runs', async () => {
    const database = await usedDatabase();
    await using _ = await startServerOn(database, { keyEncryptionKey: KEY });
    const findings = await examine(envOf(database));
    expect(statusesOf(findings)).toEqual(allOk);
    expect(of(findings, 'keys')[0]?.message).toMatch(/opens all [5-9] stored keys/);
  });

  test('before its first server, and nothing is made by looking', async () => {
    await using database = await cloneTestDatabase();
    const tables = 'select oid from pg_class order by 1';
    const before = await database.query(tables);
    const findings = await examine(envOf(database));
    expect(statusesOf(findings)).toEqual(allOk);
    expect(of(findings, 'roles')[0]?.message).toContain('the first server makes it');
    expect(await database.query(tables)).toEqual(before);
    const name = new URL(database.ownerUrl).pathname.slice(1);
    expect(await database.query('select from pg_roles where rolname = $1', [`keyward_app_${name}`])).toEqual([]);
  });

  test('before there is a database of its own', async () => {
    await using directory = await temporaryDirectory();
    const findings = await examine({ KEYWARD_DATA_DIR: directory.path });
    expect(statusesOf(findings)).toMatchObject({ configuration: 'OK', database: 'OK', migrations: 'NOT_CHECKED' });
    expect(await readdir(directory.path)).toEqual([]);
  });
});

describe('what is wrong is found, named, and has an advice', () => {
  interface Case {
    readonly name: string;
    readonly check: Check;
    readonly breach: string;
    readonly message: RegExp;
    readonly advice: RegExp;
    /** A problem unless said otherwise. */
    readonly status?: 'WARNING';
  }
  const cases: Case[] = [
    {
      name: 'row-level security is off',
      check: 'roles',
      breach: 'alter table api_key disable row level security',
      message: /api_key/,
      advice: /ENABLE ROW LEVEL SECURITY/,
    },
    {
      name: 'row-level security is not forced',
      check: 'roles',
      breach: 'alter table webhook_endpoint no force row level security',
      message: /webhook_endpoint/,
      advice: /FORCE ROW LEVEL SECURITY/,
    },
    {
      name: 'the audit trail could be changed',
      check: 'roles',
      breach: 'grant update (note) on audit_event to keyward_runtime',
      message: /audit_event/,
      advice: /REVOKE/,
    },
    {
      name: 'the role owns a table',
      check: 'roles',
      breach: 'alter table scheduled_job owner to $role',
      message: /own no tables/,
      advice: /KEYWARD_DATABASE_RUNTIME_URL/,
    },
    {
      name: 'the role bypasses row-level security',
      check: 'roles',
      breach: 'alter role $role bypassrls',
      message: /BYPASSRLS/,
      advice: /orrect it/,
    },
    {
      name: 'the role may not sign in',
      check: 'roles',
      breach: 'alter role $role nologin',
      message: /cannot connect/,
      advice: /pg_hba.conf/,
    },
    {
      name: 'a migration is missing',
      check: 'migrations',
      breach: `delete from _prisma_migrations where migration_name like '%_fetched_keys'`,
      message: /lacks 1: \d+_fetched_keys/,
      advice: /keyward migrate/,
    },
    {
      name: 'a newer version was here',
      check: 'migrations',
      breach: `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
        values (gen_random_uuid(), 'x', '20991231000000_from_the_future', now(), 1)`,
      message: /20991231000000_from_the_future/,
      advice: /newer version\. Upgrade Keyward, or restore a backup/,
    },
    {
      name: 'a stored key was changed',
      check: 'keys',
      breach: `update data_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where purpose = 'FINGERPRINT'`,
      message: /do not open.*data key .* FINGERPRINT 1/,
      advice: /backup/,
    },
    {
      name: 'a job waits for long',
      check: 'queue',
      breach: `select graphile_worker.add_job('bulk_operation', run_at => now() - interval '10 minutes')`,
      message: /1 jobs wait, the oldest for 60\d s/,
      advice: /worker/,
    },
    {
      name: 'a job gave up',
      check: 'queue',
      breach: `select graphile_worker.add_job('bulk_operation', max_attempts => 1);
        update graphile_worker._private_jobs set attempts = 1, last_error = 'no reason'`,
      message: /1 jobs gave up: bulk_operation/,
      advice: /log/,
      status: 'WARNING',
    },
    {
      name: 'a job of each minute fails',
      check: 'scheduled jobs',
      breach: `insert into scheduled_job (name, queued_at, failed_at) values ('send_mails', now(), now())`,
      message: /send_mails/,
      advice: /log/,
    },
    {
      name: 'nobody chains the audit trail',
      check: 'audit trail',
      breach: `insert into audit_unsealed (root_provider_id, event_id) values (gen_random_uuid(),
        (lpad(to_hex((extract(epoch from now() - interval '10 minutes') * 1000)::bigint), 12, '0') || repeat('7', 20))::uuid)`,
      message: /in no chain waits for 60\d s/,
      advice: /sealing the audit trail/,
    },
    {
      name: 'nobody runs',
      check: 'scheduled jobs',
      breach: `insert into scheduled_job (name, queued_at) values ('send_mails', now() - interval '1 hour')`,
      message: /no server is running/,
      advice: /keyward serve/,
      status: 'WARNING',
    },
  ];
  test.for(cases)('$name', async ({ check, breach, message, advice, status = 'PROBLEM' }) => {
    const database = await usedDatabase();
    const role = `keyward_app_${new URL(database.ownerUrl).pathname.slice(1)}`;
    for (const sql of breach.replaceAll('$role', role).split(';')) await database.query(sql);
    const findings = await examine(envOf(database));
    expect(of(findings, check)).toEqual([
      { check, status, message: expect.stringMatching(message), advice: expect.stringMatching(advice) },
    ]);
    const others = findings.filter((finding) => finding.check !== check).map((finding) => finding.status);
    expect(new Set(others).isSubsetOf(new Set(check === 'migrations' ? ['OK', 'NOT_CHECKED'] : ['OK']))).toBe(true);
    await database.query(`reassign owned by ${role} to current_user`);
  });

  test('a superuser as the role of the application', async () => {
    const database = await usedDatabase();
    const findings = await examine(envOf(database, { KEYWARD_DATABASE_RUNTIME_URL: database.ownerUrl }));
    expect(of(findings, 'roles')).toMatchObject([
      { status: 'PROBLEM', message: expect.stringContaining('neither superuser nor BYPASSRLS') },
    ]);
  });

  test('servers that take no jobs', async () => {
    const database = await usedDatabase();
    await database.query(
      `insert into scheduled_job (name, queued_at) values ('send_mails', now() - interval '1 hour')`,
    );
    const server = new pg.Client({ connectionString: database.ownerUrl, application_name: 'keyward' });
    await server.connect();
    const findings = await examine(envOf(database)).finally(() => server.end());
    expect(of(findings, 'scheduled jobs')).toMatchObject([
      { status: 'PROBLEM', message: expect.stringContaining('although servers are connected') },
    ]);
  });

  test('another key encryption key, and none', async () => {
    const database = await usedDatabase();
    const other = { KEYWARD_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
    expect(of(await examine(envOf(database, other)), 'keys')).toMatchObject([
      { status: 'PROBLEM', message: expect.stringContaining('another key encryption key') },
    ]);
    const both = { ...other, KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY: KEY.toString('base64') };
    expect(of(await examine(envOf(database, both)), 'keys')).toMatchObject([
      { status: 'WARNING', advice: expect.stringContaining('secrets rotate') },
    ]);
    const none = await examine(envOf(database, { KEYWARD_KEY_ENCRYPTION_KEY: '' }));
    expect(of(none, 'keys')).toMatchObject([{ status: 'PROBLEM', message: expect.stringContaining('no key') }]);
  });

  test('the keys of tenants are told not to be checked where nobody sees them', async () => {
    const database = await usedDatabase();
    const role = `plain_${randomBytes(6).toString('hex')}`;
    await database.query(`create role ${role} login password 'plain'`);
    onTestFinished(async () => {
      await database.query(`drop owned by ${role}`);
      await database.query(`drop role ${role}`);
    });
    await database.query(`grant select on all tables in schema public to ${role}`);
    const url = new URL(database.ownerUrl);
    url.username = role;
    url.password = 'plain'; // no server has made a login that follows from it
    const findings = await examine(envOf(database, { DATABASE_URL: url.href }));
    expect(statusesOf(findings)).toMatchObject({ roles: 'PROBLEM', keys: 'NOT_CHECKED' });
  });

  test('a database that is away, without its password', async () => {
    const url = `postgres://owner:s3cret-word@127.0.0.1:${await freePort()}/keyward`;
    const findings = await examine({ DATABASE_URL: url, NODE_ENV: 'production' });
    expect(of(findings, 'database')).toMatchObject([
      { status: 'PROBLEM', advice: expect.stringContaining('Start it') },
    ]);
    expect(statusesOf(findings)).toMatchObject({ migrations: 'NOT_CHECKED', 'scheduled jobs': 'NOT_CHECKED' });
    expect(JSON.stringify(findings)).not.toContain('s3cret-word');
  });
});

test('a server says in one line that the job queue is of a newer version', async () => {
  const database = await usedDatabase();
  await database.query(`insert into graphile_worker.migrations (id, breaking) values (1000000, true)`);
  await expect(openInstallation(testConfig(database, {}), createLog('silent'), 'AS_SERVER')).rejects.toThrow(
    /^The job queue .* newer version of Keyward: upgrade/,
  );
});
