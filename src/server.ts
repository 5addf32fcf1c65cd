import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { registerApiSessions } from './api-session/api-session.route.ts';
import { SessionLook } from './api-session/session-look.ts';
import { registerAuditExport } from './audit/audit-export.route.ts';
import { CheckpointFile } from './audit/checkpoint-file.ts';
import { createAuthenticate } from './authentication/authenticate.ts';
import { registerJwks } from './authentication/jwks.route.ts';
import { registerLogin } from './authentication/login.route.ts';
import { registerOauthToken } from './authentication/oauth-token.route.ts';
import { registerPassword } from './authentication/password.route.ts';
import { RequestBudget } from './authentication/request-budget.ts';
import { registerSession } from './authentication/session.route.ts';
import { startBulkOperations } from './bulk-operation/bulk-operation.worker.ts';
import type { Config } from './config.ts';
import type { Services } from './context.ts';
import { registerCurrentKey } from './current-key/current-key.route.ts';
import { registerEventSchemas } from './events/event-schema.route.ts';
import { registerFleetExport } from './fleet/fleet-export.route.ts';
import { registerAuthorize } from './gateway/authorize.route.ts';
import { createGateway } from './gateway/gateway.service.ts';
import { registerVerify } from './gateway/verify.route.ts';
import { createApp } from './http/app.ts';
import { registerConsole } from './http/console.route.ts';
import { registerGraphql } from './http/graphql.route.ts';
import { registerHealth } from './http/health.route.ts';
import { drain, listen } from './http/listen.ts';
import { measureRequests } from './http/measure-requests.ts';
import { withRequestBudget } from './http/request-budget.ts';
import { traceRequests } from './http/trace-requests.ts';
import { trustsPeersIn } from './http/trusted-peers.ts';
import { type Installation, openInstallation } from './installation.ts';
import type { DecisionMeter, GraphqlMeter } from './metrics/meter.ts';
import { createMetricsApp } from './metrics/metrics.route.ts';
import { Metrics } from './metrics/metrics.ts';
import { createStateSource } from './metrics/state.service.ts';
import { registerOpenApi } from './openapi/openapi.route.ts';
import { registerImports } from './organization-file/import.route.ts';
import { importRunner } from './organization-file/import.worker.ts';
import { createOutboundFetch } from './outbound/outbound-fetch.ts';
import { jobNames, scheduledJobs } from './scheduled-jobs.ts';
import { startScheduler } from './scheduler/scheduler.worker.ts';
import { isEmpty, seedDemo } from './seed/seed-demo.ts';
import type { ServerRole } from './server-role.ts';
import { SetupError } from './setup-error.ts';
import { registerSingleSignOn } from './single-sign-on/single-sign-on.route.ts';
import type { Tracer } from './watching/span.ts';
import { startWebhooks, type WebhookOptions } from './webhook/webhook.worker.ts';
import { startWorker } from './worker.ts';

export interface KeywardServer {
  readonly url: string;
  /** The one that it listens on, also when any free one was asked for. */
  readonly port: number;
  /** The same for metrics; null when they are off. */
  readonly metricsPort: number | null;
  readonly services: Services;
  readonly hasDemoFleet: boolean;
  /** Says that it is not ready, waits a while, finishes what is in flight, then stops everything, the database last. */
  stop(): Promise<void>;
}

/** The composition root: database, HTTP, workers. @throws SetupError */
export async function startServer(config: Config, log: Logger, role: ServerRole = 'all'): Promise<KeywardServer> {
  if (role !== 'all' && config.database.kind === 'EMBEDDED') {
    throw new SetupError(
      'The roles api and worker are for processes that share a database: set DATABASE_URL, or leave --role out.',
    );
  }
  await using cleanup = new AsyncDisposableStack();
  const tracer = cleanup.use(await openTracer(config, role, log));
  const installation = cleanup.use(await openInstallation(config, log, 'AS_SERVER', tracer));
  const { services } = installation;
  if (!services.keyRing.isAvailable) {
    log.warn(
      'no key encryption key: key strings can be neither read nor written until KEYWARD_KEY_ENCRYPTION_KEY is set',
    );
  }
  const hasDemoFleet = config.database.kind === 'EMBEDDED';
  if (hasDemoFleet) await seedOnFirstStart(installation, config);
  let isStopping = false;
  const app = await createApp(services, () => isStopping, config.trustedProxies);
  const metrics = config.metrics === null ? null : createMetrics(installation, role);
  traceRequests(app, tracer, trustsPeersIn(config.trustedProxies));
  if (metrics !== null) measureRequests(app, metrics);
  registerHealth(app, services, () => isStopping);
  const metricsApp = metrics === null ? null : createMetricsApp(metrics);
  cleanup.defer(() => metricsApp?.close()); // after the background: whoever watches sees a process stop
  if (role !== 'worker') await registerFaces(app, services, config, metrics, cleanup);
  if (role !== 'api') await startBackground(installation, config, cleanup);
  const metricsPort = await listenForMetrics(metricsApp, config);
  cleanup.defer(() => drain(app));
  const port = await listen(app, config, { host: 'HOST', port: 'PORT' });
  const kept = cleanup.move();
  const stop = async () => {
    isStopping = true;
    await wait(config.stopDelayMs); // whoever spreads requests finds out, and sends no more
    await kept.disposeAsync();
  };
  return { url: config.publicUrl, port, metricsPort, services, hasDemoFleet, stop };
}

/** What makes traces is loaded when there are to be any. */
async function openTracer({ tracing }: Config, role: ServerRole, log: Logger): Promise<Tracer | null> {
  if (tracing === null) return null;
  const { createTracer } = await import('./watching/open-telemetry.ts');
  return createTracer(tracing, role, log);
}

/** All that clients ask for. */
async function registerFaces(
  app: FastifyInstance,
  services: Services,
  config: Config,
  meter: (DecisionMeter & GraphqlMeter) | null,
  cleanup: AsyncDisposableStack,
): Promise<void> {
  registerLogin(app, services);
  registerSession(app, services);
  registerPassword(app, services);
  await registerOauthToken(app, services);
  registerJwks(app, services);
  registerSingleSignOn(app, services);
  await registerApiSessions(app, services);
  const gateway = createGateway(services, cleanup.use(new SessionLook(services)), meter);
  registerVerify(app, gateway);
  await registerAuthorize(app, services, gateway, trustsPeersIn(config.trustedProxies));
  registerOpenApi(app, services.publicUrl);
  const authenticate = withRequestBudget(
    createAuthenticate(services),
    new RequestBudget(services.database, config.requestsPerMinute),
  );
  await registerGraphql(app, services, authenticate, config.introspection, meter);
  registerAuditExport(app, services, authenticate);
  await registerImports(app, services, authenticate);
  registerFleetExport(app, services, authenticate);
  registerCurrentKey(app, services, authenticate);
  await registerConsole(app, config.consoleDir);
  registerEventSchemas(app, services);
}

/** All that nobody waits for: operations, the clock's work, the audit trail, webhooks. */
async function startBackground(
  installation: Installation,
  config: Config,
  cleanup: AsyncDisposableStack,
): Promise<void> {
  const { background } = installation;
  const { auditCheckpointFile: file } = config;
  const imports = importRunner(() => installation.analyze());
  cleanup.use(await startBulkOperations(background, installation.startJobs, { import_organizations: imports }));
  cleanup.use(await startScheduler(background, installation.startJobs, scheduledJobs));
  const checkpointFile = file === null ? null : await CheckpointFile.open(file);
  cleanup.use(await startWorker(background, checkpointFile));
  cleanup.use(startWebhooks(background, webhookOptionsOf(config)));
}

/** Endpoints may take longer than the issuers and keys that requests wait for; of what they answer nothing is kept. */
function webhookOptionsOf({ allowedPrivateHosts, webhookTimeoutMs: timeoutMs }: Config): WebhookOptions {
  const largestResponseBytes = 16 * 1024;
  return { outboundFetch: createOutboundFetch({ allowedPrivateHosts, timeoutMs, largestResponseBytes }), timeoutMs };
}

async function seedOnFirstStart(installation: Installation, { publicUrl: url, dataDir }: Config): Promise<void> {
  const { services } = installation;
  if (!(await isEmpty(services))) return;
  await seedDemo(services, { now: new Date(), url, credentialsFile: join(dataDir, 'demo-credentials.json') });
  await installation.analyze();
}

function createMetrics({ services, background, lookAtJobs }: Installation, role: ServerRole): Metrics {
  return new Metrics(role, createStateSource(services, background, lookAtJobs, jobNames));
}

/** @returns the port; null when metrics are off */
async function listenForMetrics(app: FastifyInstance | null, { metrics }: Config): Promise<number | null> {
  if (app === null || metrics === null) return null;
  return listen(app, metrics, { host: 'KEYWARD_METRICS_HOST', port: 'KEYWARD_METRICS_PORT' });
}
