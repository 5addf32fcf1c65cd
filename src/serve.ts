import cluster from 'node:cluster';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Config, readConfig } from './config.ts';
import { createLog } from './log.ts';
import { endByItself, rolesOf, startProcesses, tellReady } from './processes.ts';
import { startServer } from './server.ts';
import type { ServerRole } from './server-role.ts';

/** npm passes a Ctrl-C on that the terminal has already sent to every process: it counts once. */
const SAME_SIGNAL_MS = 1000;

/** Of it requests under way have 20 s; with the delay before, no more than supervisors are told to wait for. */
const LONGEST_STOP_MS = 30_000;

/**
 * Runs until SIGINT or SIGTERM, then stops in good order. A second signal, given later, ends it at once, and so does a stop
 * that takes too long, such as behind a database server that has fallen silent.
 * @param processes how many share the port
 */
export async function serve(role: ServerRole, processes: number): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel);
  const stopAsked = nextSignal();
  endByItself();
  if (processes > 1) return serveByMany(role, processes, config, log, stopAsked);
  const server = await startServer(config, log, role);
  const credentialsFile = server.hasDemoFleet ? join(config.dataDir, 'demo-credentials.json') : null;
  if (!tellReady()) welcome(role, config, server.port, credentialsFile);
  await stopAsked;
  if (!cluster.isWorker) say('Stopping ...');
  endLateStop(config.stopDelayMs + LONGEST_STOP_MS, log);
  await server.stop();
}

async function serveByMany(
  role: ServerRole,
  count: number,
  config: Config,
  log: Logger,
  stopAsked: Promise<void>,
): Promise<void> {
  const processes = await startProcesses(rolesOf(role, count), config, log);
  welcome(role, config, config.port, null);
  await stopAsked;
  say('Stopping ...');
  if (!(await processes.stop())) process.exitCode = 1;
}

/** What is left undone is as after a crash: nothing that was answered is lost. */
function endLateStop(afterMs: number, log: Logger): void {
  const end = () => {
    log.error('stopping took too long: the process ends where it is');
    process.exit(1);
  };
  setTimeout(end, afterMs).unref();
}

/** To a person: the standard output has the log, and nothing that is not a line of it. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function nextSignal(): Promise<void> {
  let firstAt: number | null = null;
  return new Promise((resolve) => {
    const onSignal = () => {
      firstAt ??= performance.now();
      if (performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(1);
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

function welcome(role: ServerRole, config: Config, port: number, credentialsFile: string | null): void {
  say(role === 'worker' ? workerWelcome(config.host, port) : serverWelcome(config.publicUrl, credentialsFile));
}

function workerWelcome(host: string, port: number): string {
  return `Keyward is ready to work in the background (its health: http://${host}:${port}/readyz)`;
}

function serverWelcome(url: string, credentialsFile: string | null): string {
  const lines = [`Keyward is ready at ${url} (GraphQL: ${url}/graphql)`];
  if (credentialsFile !== null) {
    lines.push(
      `Users and passwords of the demo fleet: ${credentialsFile}`,
      `Try first: sign in at ${url} as a PROVIDER_ADMIN. Or, as a program, at POST /auth/login, and ask for { organizations { nodes { name apiKey { status maskedKey } } } }`,
      'Or let a client live the whole story: npm run example',
    );
  }
  return lines.join('\n');
}
