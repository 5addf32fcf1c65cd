import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from '../setup-error.ts';
import { asAccount, type PostgresAccount } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

export interface PostgresServer {
  readonly port: number;
  stop(): Promise<void>;
}

export interface LaunchOptions {
  readonly account: PostgresAccount;
  readonly binaries: PostgresBinaries;
  readonly cluster: string;
  readonly log: string;
  readonly settings: Readonly<Record<string, string>>;
}

const previousServerLimitMs = 15_000;
/** Recovery after a power cut reads the log again, which takes a while on a slow disk. */
const startLimitMs = 120_000;
const fastShutdownLimitMs = 60_000;
const pollMs = 4;
const portAttempts = 5;

/** For a small machine. Commits stay durable: fsync and synchronous_commit are left on. */
const defaultSettings: Readonly<Record<string, string>> = {
  shared_buffers: '128MB',
  max_connections: '100',
  random_page_cost: '1.1',
  io_method: 'sync',
  jit: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
  // Neither statements nor row values reach the log: they may hold what must not be written down.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/**
 * Becomes PostgreSQL, after leaving behind a watcher that asks it for a fast shutdown when our end of the pipe closes,
 * that is, when this process is gone. The watcher is detached from PostgreSQL, which must not find a child it does
 * not know, and ignores what a service manager sends to a whole group.
 */
const serverScript = `
exec 3<&0 </dev/null
( (trap '' HUP INT TERM; while read -r _; do :; done; kill -INT $$ 2>/dev/null) <&3 3<&- & )
exec "$@" 3<&-`;

/** The password goes through a pipe of the shell's own: initdb opens it by name, and no file holds it meanwhile. */
const initializeScript = `cat | "$@" --pwfile=/dev/stdin`;

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}

export async function initializeCluster(
  account: PostgresAccount,
  binaries: PostgresBinaries,
  folder: string,
  password: string,
): Promise<void> {
  const initdbArgs = ['-D', folder, '--username=keyward', '--encoding=UTF8', '--locale=C', '--auth=scram-sha-256'];
  const shellArgs = ['-c', initializeScript, 'sh', binaries.initdb, ...initdbArgs, '--no-instructions'];
  const { file, args, options } = asAccount(account, '/bin/sh', shellArgs);
  const child = spawn(file, args, { ...options, detached: true, stdio: ['pipe', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  child.stdin?.on('error', () => undefined); // it ended early: its exit code tells
  child.stdin?.end(`${password}\n`);
  const exitCode = await new Promise<number | null>((done, failed) => child.on('error', failed).on('close', done));
  if (exitCode !== 0) throw new SetupError(`Cannot create the database in ${folder}: ${lastLine(errors)}`);
}

/** Ids of processes that work in the folder: every PostgreSQL process does, and a reused id does not. */
function processesIn(folder: string): number[] {
  if (process.platform !== 'linux') {
    const list = execFileSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' }).split('\n');
    return list.filter((line) => line.includes(folder) && line.includes('postgres')).map((line) => parseInt(line, 10));
  }
  const realFolder = realpathSync(folder);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === realFolder;
      } catch {
        return false; // gone, or another user's
      }
    })
    .map(Number);
}

async function readPidFile(cluster: string): Promise<string[]> {
  const content = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  return content.split('\n').map((line) => line.trim());
}

/**
 * Waits for a server whose Keyward is gone to finish its shutdown, and removes what a killed one left behind.
 * @throws SetupError when it does not end in 15 seconds
 */
export async function waitForPreviousServer(cluster: string): Promise<void> {
  const [pidText = ''] = await readPidFile(cluster);
  if (pidText === '') return;
  const deadline = performance.now() + previousServerLimitMs;
  let asked = false;
  for (let running = processesIn(cluster); running.length > 0; running = processesIn(cluster)) {
    const pid = running.find((each) => each === Number(pidText));
    if (pid !== undefined && !asked) process.kill(pid, 'SIGINT'); // in case its watcher was killed too
    asked = true;
    if (performance.now() > deadline) {
      throw new SetupError(`PostgreSQL (process ${running[0]}) still runs in ${cluster}: stop it, then start again.`);
    }
    await sleep(20);
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true });
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP listener has no port');
  return address.port;
}

async function readLogFrom(log: string, offset: number): Promise<string> {
  const file = await open(log);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - offset)), { position: offset });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function spawnServer(options: LaunchOptions, port: number): ChildProcess {
  const settings = {
    ...defaultSettings,
    ...options.settings,
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const shellArgs = ['-c', serverScript, 'sh', options.binaries.postgres, '-D', options.cluster, ...flags];
  const { file, args, options: spawnOptions } = asAccount(options.account, '/bin/sh', shellArgs);
  const log = openSync(options.log, 'a');
  try {
    // A session of its own: the terminal's Ctrl-C must not reach it before the application has drained.
    return spawn(file, args, { ...spawnOptions, detached: true, stdio: ['pipe', log, log] });
  } finally {
    closeSync(log);
  }
}

async function stopServer(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.ref();
  child.kill('SIGINT');
  const impatience = setTimeout(() => child.kill('SIGQUIT'), fastShutdownLimitMs);
  await exited;
  clearTimeout(impatience);
}

/** True when the server accepts connections, false when it has exited before. */
async function becomesReady(child: ChildProcess, cluster: string, hasExited: () => boolean): Promise<boolean> {
  const deadline = performance.now() + startLimitMs;
  while (!hasExited() && performance.now() < deadline) {
    const lines = await readPidFile(cluster);
    if (Number(lines[0]) === child.pid && lines[7] === 'ready') return true;
    await sleep(pollMs);
  }
  return false;
}

/** @throws SetupError with the server's own reason when it does not start */
export async function launchServer(options: LaunchOptions): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort();
    const logOffset = (await stat(options.log)).size;
    const child = spawnServer(options, port);
    let ended = false;
    const exited = new Promise<void>((done) => child.once('exit', done).once('error', () => done())).then(() => {
      ended = true;
      child.stdin?.destroy(); // lets the watcher end before the process id can mean somebody else
    });
    if (await becomesReady(child, options.cluster, () => ended)) {
      // A caller who forgets to stop may still end: the watcher then stops the server.
      child.unref();
      if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function')
        child.stdin.unref();
      return { port, stop: () => stopServer(child, exited) };
    }
    if (!ended) await stopServer(child, exited);
    const log = await readLogFrom(options.log, logOffset);
    const portWasTaken = log.includes('could not create any TCP/IP sockets');
    if (portWasTaken && attempt < portAttempts) continue;
    const reason = lastLine(
      log
        .split('\n')
        .filter((line) => /FATAL|PANIC/.test(line))
        .join('\n'),
    );
    throw new SetupError(
      `PostgreSQL did not start in ${options.cluster}: ${reason || 'no reason given'} (log: ${options.log})`,
    );
  }
}
