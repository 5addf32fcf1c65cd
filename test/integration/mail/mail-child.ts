import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { readConfig } from '../../../src/config.ts';
import { openInstallation } from '../../../src/installation.ts';
import { sendMails } from '../../../src/mail/mail.worker.ts';

// A process that sends mails over and over, for tests that kill it. It ends with whoever started it.
process.stdin.on('end', () => process.exit()).resume();
const { services } = await openInstallation(readConfig(), pino({ level: 'error' }, pino.destination(2)), 'AS_SERVER');
process.stdout.write('ready\n');
for (;;) {
  await sendMails(services, new Date());
  await wait(100);
}
