import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { NO_CHECKPOINTS, readCheckpoints } from './audit/checkpoint-file.ts';
import { isBroken, lineOf, summaryOf } from './audit/verification-text.ts';
import { verifyAuditTrail } from './audit/verify-audit.service.ts';
import { type Config, readConfig, readRemoteConfig } from './config.ts';
import { PLATFORM_SCOPE } from './database/scope.ts';
import { isHealthy } from './doctor/finding.ts';
import { findingsJson, findingsText } from './doctor/findings-text.ts';
import { examineInstallation } from './doctor.ts';
import { DomainError } from './errors.ts';
import type { Installation } from './installation.ts';
import { rotateSecrets } from './key-rotation/rotate-secrets.service.ts';
import { progressText, type RotationProgress, resultText } from './key-rotation/rotation.ts';
import { createLog } from './log.ts';
import { exportFile } from './remote/export-file.ts';
import { type ImportOptions, importFile } from './remote/import-file.ts';
import { connectTo } from './remote/remote-server.ts';
import { growFleet } from './seed/grow-fleet.ts';
import { isEmpty, seedDemo } from './seed/seed-demo.ts';
import { type ServerRole, serverRoles } from './server-role.ts';
import { SetupError } from './setup-error.ts';
import { createPlatformAdmin } from './staff/create-platform-admin.ts';

// What a server is made of is loaded by the commands that need it: the others begin at once.

const MOST_PROCESSES = 128;
const MOST_ORGANIZATIONS = 10_000_000;

async function openBesideServers(config: Config): Promise<Installation> {
  const { openInstallation } = await import('./installation.ts');
  return openInstallation(config, createLog('warn'), 'BESIDE_A_SERVER');
}

const program = new Command('keyward').description("Runs the API keys of a managed service provider's customers.");

program
  .command('serve', { isDefault: true })
  .description('Start the server.')
  .addOption(
    new Option('--role <role>', 'api: answer requests; worker: work in the background; all: both')
      .choices(serverRoles)
      .default('all'),
  )
  .option(
    '--processes <number>',
    'how many share the port; the first of them works in the background too',
    (text) => wholeNumber(text, MOST_PROCESSES),
    1,
  )
  .action(async ({ role, processes }: { role: ServerRole; processes: number }) => {
    const { serve } = await import('./serve.ts');
    await serve(role, processes);
  });

program
  .command('migrate')
  .description('Bring the database up to date, and do nothing else.')
  .action(async () => {
    await using _ = await openBesideServers(readConfig());
    process.stdout.write('The database is up to date.\n');
  });

program
  .command('seed')
  .description('Fill an empty database with the demo fleet, and grow it.')
  .option('--organizations <number>', 'how many organizations there are to be in all', (text) =>
    wholeNumber(text, MOST_ORGANIZATIONS),
  )
  .action(async ({ organizations }: { organizations?: number }) => {
    const config = readConfig();
    await using installation = await openBesideServers(config);
    const { services } = installation;
    if (await isEmpty(services)) {
      const credentialsFile = join(config.dataDir, 'demo-credentials.json');
      await seedDemo(services, { now: new Date(), url: config.publicUrl, credentialsFile });
      process.stdout.write(`The demo fleet is there. Users and passwords: ${credentialsFile}\n`);
    }
    if (organizations === undefined) return;
    const onProgress = (done: number) => process.stdout.write(`\r${done} organizations`);
    await growFleet(services, { organizations, now: new Date(), onProgress });
    await installation.analyze();
    process.stdout.write(`\rThe fleet has at least ${organizations} organizations.\n`);
  });

program
  .command('create-admin')
  .description('Create a platform administrator, and show the password once.')
  .requiredOption('--username <name>', 'the name to sign in with')
  .action(async ({ username }: { username: string }) => {
    await using installation = await openBesideServers(readConfig());
    const password = await createPlatformAdmin(installation.services, username, new Date());
    process.stdout.write(`User name: ${username}\nPassword:  ${password.expose()}\n`);
  });

program
  .command('doctor')
  .description(
    'Look at settings, database, roles, clock, keys and jobs, and say what to do; exit code 1 if something is wrong.',
  )
  .option('--json', 'for programs', false)
  .action(async ({ json }: { json: boolean }) => {
    const findings = await examineInstallation(readConfig);
    process.stdout.write(json ? findingsJson(findings) : findingsText(findings));
    if (!isHealthy(findings)) process.exitCode = 1;
  });

program
  .command('database')
  .description('The database as a whole.')
  .command('distribute')
  .description('Spread the tenants over the machines of a Citus cluster, while no server runs; says what it did.')
  .option('--dry-run', 'say what would be done, with the SQL, and change nothing', false)
  .action(async ({ dryRun }: { dryRun: boolean }) => {
    const { database } = readConfig();
    if (database.kind === 'EMBEDDED') {
      throw new SetupError(
        'The built-in PostgreSQL is one machine without the extension Citus: set DATABASE_URL to the coordinator of a Citus cluster. Nothing was changed.',
      );
    }
    const { distribute } = await import('./database/distribution/distribute.ts');
    await distribute(database.ownerUrl, { isDryRun: dryRun, say: (line) => process.stdout.write(`${line}\n`) });
  });

program
  .command('secrets')
  .description('The keys that keep key strings secret.')
  .command('rotate')
  .description('Give every root provider a new data key and wrap all keys anew, while servers run.')
  .action(async () => {
    await using installation = await openBesideServers(readConfig());
    const result = await rotateSecrets(installation.services, showRotation());
    process.stdout.write(`\n${resultText(result).join('\n')}\n`);
    if (result.unreadable.length > 0) process.exitCode = 1;
  });

function showRotation(): (progress: RotationProgress) => void {
  let isFirst = true;
  return (progress) => {
    if (isFirst && progress.isTakenUp) {
      process.stdout.write(`Going on with the rotation of ${progress.startedAt.toISOString()}, which has not ended.\n`);
    }
    isFirst = false;
    process.stdout.write(`\r${progressText(progress)}`);
  };
}

program
  .command('audit')
  .description('The trail of who did what.')
  .command('verify')
  .description(
    'Look for rows of the trail that were changed, removed or added in the database; exit code 1 if there are.',
  )
  .option('--checkpoints <file>', 'signed checkpoints to compare with; by default those that the server appends')
  .option(
    '--until <time>',
    'leave out checkpoints of a later time: of a database that was restored to this one',
    pointInTime,
  )
  .action(async ({ checkpoints: given, until }: { checkpoints?: string; until?: Date }) => {
    const config = readConfig();
    const file = given ?? config.auditCheckpointFile;
    // Before the database is looked at: what they tell of is there by then.
    const checkpoints =
      file === null || (given === undefined && !existsSync(file)) ? null : await readCheckpoints(file, until);
    await using installation = await openBesideServers(config);
    const { database, keyRing } = installation.services;
    const verification = await verifyAuditTrail({
      snapshot: (work) => database.readSnapshot(PLATFORM_SCOPE, work),
      keyEncryptionKeys: keyRing.keyEncryptionKeys,
      checkpoints: checkpoints ?? NO_CHECKPOINTS,
      onRoot: (report) => process.stdout.write(`${lineOf(report)}\n`),
    });
    process.stdout.write(`${summaryOf(verification, checkpoints).join('\n')}\n`);
    if (isBroken(verification)) process.exitCode = 1;
  });

const ASKS_A_SERVER =
  'Asks the server at KEYWARD_URL with KEYWARD_TOKEN, or KEYWARD_CLIENT_ID and KEYWARD_CLIENT_SECRET.';

program
  .command('import <file>')
  .description(`Add the organizations of a CSV file; exit code 1 if any row is refused. ${ASKS_A_SERVER}`)
  .requiredOption('--provider <id>', 'the provider that they are to belong to')
  .option('--dry-run', 'apply every rule, and write nothing', false)
  .option('--row-by-row', 'import the rows that are right, even if others are not', false)
  .action(async (file: string, options: ImportOptions) => {
    const ask = connectTo(readRemoteConfig());
    const isWhole = await importFile(ask, file, options, {
      result: (line) => process.stdout.write(line),
      problem: (line) => process.stderr.write(line),
    });
    if (!isWhole) process.exitCode = 1;
  });

const one = '<value>';
const several = '<values...>';
program
  .command('export <file>')
  .description(`Write the organizations as CSV, without key strings; "-" is the standard output. ${ASKS_A_SERVER}`)
  .option(`--columns ${one}`, 'names of columns, with commas between them; by default all')
  .option(`--search ${one}`, 'part of the name or of the external id')
  .option('--provider <id>', 'of this provider and the resellers below it')
  .option('--group <id>', 'in this saved group')
  .option(`--key-status ${several}`, 'NONE, ENABLED or DISABLED')
  .option(`--disablement-source ${several}`, 'what disables the key')
  .option(`--subscription-status ${several}`, 'SCHEDULED, ACTIVE or EXPIRED')
  .option(`--fingerprint ${one}`, 'holding the string with this fingerprint')
  .option(`--fingerprint-not ${one}`, 'holding another string')
  .action(async (file: string, options: Readonly<Record<string, string | string[]>>) => {
    const query = new URLSearchParams({ format: 'csv' });
    for (const [option, values] of Object.entries(options)) {
      for (const value of [values].flat()) query.append(exportParameters[option] ?? option, value);
    }
    await exportFile(connectTo(readRemoteConfig()), file, query);
  });

/** Options whose parameter has another name. */
const exportParameters: Readonly<Record<string, string>> = {
  provider: 'serviceProviderId',
  group: 'groupId',
  keyStatus: 'apiKeyStatus',
};

function wholeNumber(text: string, most: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0 && number <= most) return number;
  throw new InvalidArgumentError(`Give a whole number, 1 to ${most}.`);
}

/** With its offset: whoever types it thinks of another time zone than the server may be in. */
function pointInTime(text: string): Date {
  const time = new Date(text.trim().replace(/([+-]\d\d)$/, '$1:00'));
  if (/(Z|[+-]\d\d(:?\d\d)?)$/i.test(text.trim()) && !Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('Give a time with its offset, such as 2026-11-21T18:30:00Z.');
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof SetupError || error instanceof DomainError)) throw error;
  process.stderr.write(`keyward: ${error.message}\n`);
  process.exitCode = 1;
}
