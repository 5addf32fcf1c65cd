import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { ServerRole } from './server-role.ts';
import { SetupError } from './setup-error.ts';

/** Before a process that has ended is started again: one that cannot start is not tried without end at full speed. */
const PAUSE_MS = 1000;

export interface Processes {
  /** Lets each of them stop in good order. @returns whether all did */
  stop(): Promise<boolean>;
}

/** What each of so many processes does: the work of the background is for one of those that also answer requests. */
export function rolesOf(role: ServerRole, count: number): ServerRole[] {
  return Array.from({ length: count }, (_, index) => (role === 'all' && index > 0 ? 'api' : role));
}

/**
 * Servers that share one port of this machine, each with metrics of its own at the ports from the given one on. One that
 * ends by itself is replaced.
 * @throws SetupError when one of them cannot start
 */
export async function startProcesses(roles: readonly ServerRole[], config: Config, log: Logger): Promise<Processes> {
  if (config.database.kind === 'EMBEDDED') {
    throw new SetupError('Several processes share a database: set DATABASE_URL, or leave --processes out.');
  }
  const running = new Set<Worker>();
  let isStopping = false;
  const start = async (index: number): Promise<boolean> => {
    const child = fork(roles[index] ?? 'api', index, config);
    running.add(child);
    const ended = once(child, 'exit').then(() => running.delete(child));
    const isReady = await Promise.race([once(child, 'message').then(() => true), ended.then(() => false)]);
    if (isReady) void ended.then(() => replace(index));
    return isReady;
  };
  const replace = async (index: number): Promise<void> => {
    for (let isReady = false; !isReady && !isStopping; ) {
      log.error({ process: index }, 'a process has ended by itself: another one is started');
      await wait(PAUSE_MS);
      isReady = isStopping || (await start(index));
    }
  };
  const stop = async () => {
    isStopping = true;
    return (await Promise.all([...running].map(end))).every((code) => code === 0);
  };
  const areReady = await Promise.all(roles.map((_, index) => start(index)));
  if (areReady.every(Boolean)) return { stop };
  await stop();
  throw new SetupError('A process could not start: see above why.');
}

/** The same command as this process's own, for one process. */
function fork(role: ServerRole, index: number, { metrics }: Config): Worker {
  cluster.setupPrimary({ args: ['serve', '--role', role] });
  return cluster.fork(metrics === null ? {} : { KEYWARD_METRICS_PORT: String(metrics.port + index) });
}

async function end(child: Worker): Promise<number | null> {
  const ended = once(child, 'exit');
  child.process.kill('SIGTERM');
  await ended;
  return child.process.exitCode;
}

/** For one of the processes: whether there is somebody who started it and tells of it. */
export function tellReady(): boolean {
  if (!cluster.isWorker) return false;
  process.send?.('ready');
  return true;
}

/** What binds one of the processes to whoever started it does not keep it alive. */
export function endByItself(): void {
  process.channel?.unref();
}
