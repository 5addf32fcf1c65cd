import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CANARY_DIRECTORY, keepForSearch } from './canary/places.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const PROGRAM = join(ROOT, 'bin/keyward.mjs');

export interface KeywardProcess {
  readonly url: string;
  readonly pid: number | undefined;
  /** What it has printed so far, on both streams. */
  output(): string;
  /** What of it is on the standard output, line by line. */
  log(): string[];
  /** Asks it to stop. @returns its exit code */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Makes the search for secrets after the run know of those that another process makes; and each start faster after the first. */
const watched = {
  NODE_COMPILE_CACHE: join(ROOT, '.cache', 'compiled'),
  [CANARY_DIRECTORY]: process.env[CANARY_DIRECTORY],
  NODE_OPTIONS: `--import=${new URL('canary/watch-key-strings.ts', import.meta.url).href}`,
};

/**
 * `keyward <args>` as a person types it, with nothing of this process's own settings.
 * @param program that of another version
 */
export function spawnKeyward(
  args: readonly string[],
  env: Record<string, string>,
  program: string = PROGRAM,
): { child: ChildProcess; output: () => string; streams: Record<'stdout' | 'stderr', string> } {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], ...watched, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const streams = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk) => {
      output += String(chunk);
      streams[name] += String(chunk);
    });
  }
  child.once('close', () => keepForSearch('output of keyward', output));
  return { child, output: () => output, streams };
}

/** Runs a command to its end. */
export async function runKeyward(
  args: readonly string[],
  env: Record<string, string>,
  program?: string,
): Promise<{ code: number | null; output: string; stdout: string; stderr: string }> {
  const { child, output, streams } = spawnKeyward(args, env, program);
  await once(child, 'close');
  return { code: child.exitCode, output: output(), ...streams };
}

/** A server that says that it is ready. @param args after `serve` */
export async function startKeyward(
  env: Record<string, string>,
  args: readonly string[] = [],
  program?: string,
): Promise<KeywardProcess> {
  const { child, output, streams } = spawnKeyward(['serve', ...args], env, program);
  const ended = once(child, 'close');
  await new Promise<void>((resolve, reject) => {
    const look = () => {
      if (output().includes('Keyward is ready')) resolve();
    };
    child.stdout?.on('data', look); // where versions before said it
    child.stderr?.on('data', look);
    void ended.then(() => reject(new Error(`keyward ended: ${output()}`)));
  });
  return {
    url: `http://127.0.0.1:${env['PORT']}`,
    pid: child.pid,
    output,
    log: () => streams.stdout.split('\n').filter(Boolean),
    stop: async (signal) => {
      child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
}

export interface DemoUser {
  readonly username: string;
  readonly password: string;
  readonly role: string;
  readonly serviceProvider: string | null;
  readonly organization: string | null;
}

export async function readCredentials(dataDir: string): Promise<{ url: string; users: DemoUser[] }> {
  return JSON.parse(await readFile(join(dataDir, 'demo-credentials.json'), 'utf8')) as {
    url: string;
    users: DemoUser[];
  };
}

/** A folder for one test, removed at its end. */
export async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'keyward-e2e-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
