import { spawn, spawnSync } from 'node:child_process';
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chooseIdentity } from '../../src/database/postgres-account.ts';

/** A program that the tests do not bring along. */
export interface DistributionProgram {
  readonly name: string;
  readonly aptPackage: string;
  /** Makes it say which version it is, and end well. */
  readonly versionFlag: string;
  /** The first one asks it to end in peace. */
  readonly stopSignals: readonly [NodeJS.Signals, NodeJS.Signals];
}

/** @throws Error that says how to install it */
function findBinary({ name, aptPackage, versionFlag }: DistributionProgram): string {
  const variable = `KEYWARD_TEST_${name.toUpperCase()}`;
  const given = process.env[variable];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/opt/homebrew/bin',
  ];
  const candidates = given === undefined ? folders.map((folder) => join(folder, name)) : [given];
  const found = candidates.find((file) => spawnSync(file, [versionFlag], { stdio: 'ignore' }).status === 0);
  if (found !== undefined) return found;
  const ways = `install it with "apt-get install ${aptPackage}" or "brew install ${name}", or name its program in ${variable}`;
  throw new Error(`The tests need ${name}, which is not on the PATH: ${ways}.`);
}

/** What it is started with, once it has a folder of its own; it writes its log to `log` there. */
interface Start {
  readonly parametersIn: (folder: string) => readonly string[];
  /** Its files, by name. */
  readonly filesIn: (folder: string) => Readonly<Record<string, string>>;
  /** Resolves when it answers. */
  readonly ask: () => Promise<void>;
}

/** Runs it until it is disposed of; as an account of no rights where this process is root's. */
export async function startProgram(
  program: DistributionProgram,
  { parametersIn, filesIn, ask }: Start,
): Promise<AsyncDisposable & { readonly folder: string }> {
  const binary = findBinary(program);
  const folder = await mkdtemp(join(tmpdir(), `keyward-${program.name}-`));
  const identity = process.getuid?.() === 0 ? chooseIdentity(null) : null;
  if (identity !== null) await chown(folder, identity.uid, identity.gid);
  for (const [name, content] of Object.entries(filesIn(folder))) {
    await writeFile(join(folder, name), content, { mode: 0o600 });
    if (identity !== null) await chown(join(folder, name), identity.uid, identity.gid);
  }
  const child = spawn(binary, parametersIn(folder), { cwd: '/', stdio: 'ignore', ...identity });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await untilAnswering(ask, ended);
  } catch (cause) {
    child.kill();
    const said = await readFile(join(folder, 'log'), 'utf8').catch(() => 'it wrote no log');
    throw new Error(`${program.name} does not answer: ${said}`, { cause });
  }
  return {
    folder,
    [Symbol.asyncDispose]: async () => {
      for (const signal of program.stopSignals) child.kill(signal);
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const LONGEST_START_MS = 10_000;

async function untilAnswering(ask: () => Promise<void>, ended: Promise<void>): Promise<void> {
  const gone = ended.then(() => 'GONE' as const);
  const deadline = performance.now() + LONGEST_START_MS;
  for (;;) {
    try {
      return await ask();
    } catch (cause) {
      if (performance.now() > deadline) throw cause;
    }
    if ((await Promise.race([gone, wait(20)])) === 'GONE') throw new Error('it has ended');
  }
}
