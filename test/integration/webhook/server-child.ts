import { pino } from 'pino';
import { readConfig } from '../../../src/config.ts';
import { openInstallation } from '../../../src/installation.ts';
import { createOutboundFetch } from '../../../src/outbound/outbound-fetch.ts';
import { startWebhooks } from '../../../src/webhook/webhook.worker.ts';
import { startWorker } from '../../../src/worker.ts';

// The background of a server alone, for tests that kill it. It ends with whoever started it, and says how much memory it has.
const config = readConfig();
const { services } = await openInstallation(config, pino({ level: 'error' }, pino.destination(2)), 'AS_SERVER');
const { allowedPrivateHosts, webhookTimeoutMs: timeoutMs } = config;
await startWorker(services);
startWebhooks(services, { outboundFetch: createOutboundFetch({ allowedPrivateHosts, timeoutMs }), timeoutMs });
process.stdin.on('end', () => process.exit()).resume();
const say = () => process.stdout.write(`${process.memoryUsage().rss}\n`);
say();
setInterval(say, 200);
