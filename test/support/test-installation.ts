import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import type { Config } from '../../src/config.ts';
import type { Services } from '../../src/context.ts';
import { type Installation, openInstallation } from '../../src/installation.ts';
import { createLog } from '../../src/log.ts';
import { startServer } from '../../src/server.ts';
import { keepForSearch } from './canary/places.ts';
import { type CloneOptions, cloneTestDatabase, type TestDatabase } from './test-database.ts';

/** Built before the tests run. */
export const CONSOLE_DIRECTORY =
  process.env['KEYWARD_CONSOLE_DIR'] ?? new URL('../../dist/web', import.meta.url).pathname;

export interface TestInstallation extends AsyncDisposable, Pick<Installation, 'services'> {
  readonly database: TestDatabase;
  /** Every line logged so far. */
  readonly logLines: readonly string[];
}

export interface TestServer extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly url: string;
  readonly services: Services;
  readonly config: Config;
  readonly logLines: readonly string[];
  /** Null when metrics are off. */
  readonly metricsUrl: string | null;
}

/** What a server for tests is started with. */
export function testConfig(database: TestDatabase, more: Partial<Config>): Config {
  return {
    host: '127.0.0.1',
    port: 0,
    publicUrl: 'http://keyward.test',
    dataDir: '/nonexistent',
    consoleDir: CONSOLE_DIRECTORY,
    database: { kind: 'EXTERNAL', ownerUrl: database.ownerUrl, runtimeUrl: null },
    databasePoolSize: 10,
    preparedStatements: true,
    keyEncryptionKey: randomBytes(32),
    previousKeyEncryptionKey: null,
    allowedPrivateHosts: [],
    trustedProxies: [],
    introspection: true,
    requestsPerMinute: 120_000,
    apiSessionSettings: { idleTimeoutMs: 5 * 60_000, clockSkewMs: 5 * 60_000 },
    metrics: null,
    stopDelayMs: 0,
    webhookTimeoutMs: 15_000,
    mail: null,
    auditCheckpointFile: null,
    tracing: null,
    slowStatementMs: 60_000,
    logLevel: 'debug',
    ...more,
  };
}

/** @param level a test of many thousand requests is better off without every statement */
function collectingLog(level: Config['logLevel'] = 'debug') {
  const logLines: string[] = [];
  const sink = new Writable({
    write(chunk, _, done) {
      logLines.push(String(chunk));
      keepForSearch('log', String(chunk));
      done();
    },
  });
  return { logLines, log: createLog(level, sink) };
}

/** The services over a database of their own, without HTTP. */
export async function openTestInstallation(more: Partial<Config> = {}): Promise<TestInstallation> {
  const database = await cloneTestDatabase();
  return closedWith(database, await openInstallationOn(database, more));
}

/** Another process over a database that is there; it is left when the process ends. */
export async function openInstallationOn(database: TestDatabase, more: Partial<Config>): Promise<TestInstallation> {
  const { logLines, log } = collectingLog(more.logLevel);
  const installation = await openInstallation(testConfig(database, more), log, 'AS_SERVER');
  const close = () => installation[Symbol.asyncDispose]();
  return { services: installation.services, database, logLines, [Symbol.asyncDispose]: close };
}

function closedWith<Opened extends AsyncDisposable>(database: TestDatabase, opened: Opened): Opened {
  const close = async () => {
    await opened[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  };
  return { ...opened, [Symbol.asyncDispose]: close };
}

/** A whole server on a free port, over a database of its own. */
export async function startTestServer(more: Partial<Config> = {}, options?: CloneOptions): Promise<TestServer> {
  const database = await cloneTestDatabase(options);
  return closedWith(database, await startServerOn(database, more));
}

/** A server over a database that is there; it is left when the server stops. */
export async function startServerOn(database: TestDatabase, more: Partial<Config>): Promise<TestServer> {
  const { logLines, log } = collectingLog(more.logLevel);
  const config = testConfig(database, more);
  const server = await startServer(config, log);
  return {
    database,
    services: server.services,
    config,
    logLines,
    url: `http://127.0.0.1:${server.port}`,
    metricsUrl: server.metricsPort === null ? null : `http://127.0.0.1:${server.metricsPort}/metrics`,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
