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
import { withRequestBudget } from './http/request-budget.ts';
import { trustsPeersIn } from './http/trusted-peers.ts';
import { type Installation, openInstallation } from './installation.ts';
import { registerOpenApi } from './openapi/openapi.route.ts';
import { registerImports } from './organization-file/import.route.ts';
import { importRunner } from './organization-file/import.worker.ts';
import { createOutboundFetch } from './outbound/outbound-fetch.ts';
import { scheduledJobs } from './scheduled-jobs.ts';
import { startScheduler } from './scheduler/scheduler.worker.ts';
import { isEmpty, seedDemo } from './seed/seed-demo.ts';
import { SetupError } from './setup-error.ts';
import { registerSingleSignOn } from './single-sign-on/single-sign-on.route.ts';
import { startWebhooks, type WebhookOptions } from './webhook/webhook.worker.ts';
import { startWorker } from './worker.ts';

export interface KeywardServer {
  readonly url: string;
  /** The one that it listens on, also when any free one was asked for. */
  readonly port: number;
  readonly services: Services;
  readonly hasDemoFleet: boolean;
  /** Finishes what is in flight, then stops everything, the database last. */
  stop(): Promise<void>;
}

const LONGEST_DRAIN_MS = 20_000;

/** The composition root: database, HTTP, workers. @throws SetupError */
export async function startServer(config: Config, log: Logger): Promise<KeywardServer> {
  await using cleanup = new AsyncDisposableStack();
  const installation = cleanup.use(await openInstallation(config, log, 'AS_SERVER'));
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
  registerHealth(app, services, () => isStopping);
  registerLogin(app, services);
  registerSession(app, services);
  registerPassword(app, services);
  await registerOauthToken(app, services);
  registerJwks(app, services);
  registerSingleSignOn(app, services);
  await registerApiSessions(app, services);
  const gateway = createGateway(services, cleanup.use(new SessionLook(services)));
  registerVerify(app, gateway);
  await registerAuthorize(app, services, gateway, trustsPeersIn(config.trustedProxies));
  registerOpenApi(app, services.publicUrl);
  const authenticate = withRequestBudget(createAuthenticate(services), config.requestsPerMinute);
  await registerGraphql(app, services, authenticate, config.introspection);
  registerAuditExport(app, services, authenticate);
  await registerImports(app, services, authenticate);
  registerFleetExport(app, services, authenticate);
  registerCurrentKey(app, services, authenticate);
  await registerConsole(app, config.consoleDir);
  registerEventSchemas(app, services);
  const { auditCheckpointFile: file } = config;
  const imports = importRunner(() => installation.analyze());
  cleanup.use(
    await startBulkOperations(installation.background, installation.startJobs, { import_organizations: imports }),
  );
  cleanup.use(await startScheduler(installation.background, installation.startJobs, scheduledJobs));
  const checkpointFile = file === null ? null : await CheckpointFile.open(file);
  cleanup.use(await startWorker(services, checkpointFile));
  cleanup.use(startWebhooks(services, webhookOptionsOf(config)));
  cleanup.defer(() => drain(app));
  const port = await listen(app, config);
  const kept = cleanup.move();
  const stop = async () => {
    isStopping = true;
    await kept.disposeAsync();
  };
  return { url: config.publicUrl, port, services, hasDemoFleet, stop };
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

async function listen(app: FastifyInstance, { host, port }: Config): Promise<number> {
  try {
    await app.listen({ host, port });
    const address = app.server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new SetupError(`Port ${port} is in use by another program: stop it, or set PORT to a free one.`, { cause });
    }
    throw new SetupError(
      `Cannot listen on ${host}:${port} (${String(code)}): set HOST and PORT to an address of this machine.`,
      { cause },
    );
  }
}

/** Requests under way are answered; what takes longer than the limit is cut off. */
async function drain(app: FastifyInstance): Promise<void> {
  const timeout = new AbortController();
  const cutOff = wait(LONGEST_DRAIN_MS, undefined, { signal: timeout.signal }).then(
    () => app.server.closeAllConnections(),
    () => undefined,
  );
  await app.close();
  timeout.abort();
  await cutOff;
}
