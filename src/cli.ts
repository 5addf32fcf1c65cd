import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { readConfig } from './config.ts';
import { openInstallation } from './installation.ts';
import { createLog } from './log.ts';
import { growFleet } from './seed/grow-fleet.ts';
import { isEmpty, seedDemo } from './seed/seed-demo.ts';
import { serve } from './serve.ts';
import { SetupError } from './setup-error.ts';
import { createPlatformAdmin } from './staff/create-platform-admin.ts';

const program = new Command('keyward').description("Runs the API keys of a managed service provider's customers.");

program.command('serve', { isDefault: true }).description('Start the server.').action(serve);

program
  .command('migrate')
  .description('Bring the database up to date, and do nothing else.')
  .action(async () => {
    await using _ = await openInstallation(readConfig(), createLog('warn'), 'BESIDE_A_SERVER');
    process.stdout.write('The database is up to date.\n');
  });

program
  .command('seed')
  .description('Fill an empty database with the demo fleet, and grow it.')
  .option('--organizations <number>', 'how many organizations there are to be in all', wholeNumber)
  .action(async ({ organizations }: { organizations?: number }) => {
    const config = readConfig();
    await using installation = await openInstallation(config, createLog('warn'), 'BESIDE_A_SERVER');
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
    await using installation = await openInstallation(readConfig(), createLog('warn'), 'BESIDE_A_SERVER');
    const password = await createPlatformAdmin(installation.services, username, new Date());
    process.stdout.write(`User name: ${username}\nPassword:  ${password.expose()}\n`);
  });

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0 && number <= 10_000_000) return number;
  throw new InvalidArgumentError('Give a whole number.');
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`keyward: ${error.message}\n`);
  process.exitCode = 1;
}
