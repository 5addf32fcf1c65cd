import { pino } from 'pino';
import { startBulkOperations } from '../../../src/bulk-operation/bulk-operation.worker.ts';
import { readConfig } from '../../../src/config.ts';
import { openInstallation } from '../../../src/installation.ts';
import { importRunner } from '../../../src/organization-file/import.worker.ts';

// The background of a server alone, for tests that kill it. It ends with whoever started it.
const log = pino({ level: 'fatal' }, pino.destination(2));
const installation = await openInstallation(readConfig(), log, 'AS_SERVER');
const imports = importRunner(() => installation.analyze());
await startBulkOperations(installation.services, installation.startJobs, { import_organizations: imports });
process.stdin.on('end', () => process.exit()).resume();
process.stdout.write('ready\n');
