import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import { findPostgresBinaries } from '../../src/database/postgres-binaries.ts';

const run = promisify(execFile);
const ROOT = new URL('../..', import.meta.url).pathname;

/** What the figures hold for: rows of a table, as they are now. */
export async function describeMachine(): Promise<[string, string][]> {
  const { postgres } = await findPostgresBinaries();
  const { stdout: postgresVersion } = await run(postgres, ['--version']);
  const { version } = JSON.parse(await readFile(`${ROOT}/package.json`, 'utf8')) as { version: string };
  return [
    ['date', `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`],
    ['processor', `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${arch()}`],
    ['memory', `${(totalmem() / 2 ** 30).toFixed(0)} GB`],
    ['system', `${type()} ${release()}`],
    ['Keyward', `${version}${await commit()}`],
    ['Node', process.version],
    ['PostgreSQL', postgresVersion.trim().replace(/^.*\) /, '')],
    ['load before', (loadavg()[0] ?? Number.NaN).toFixed(1)],
  ];
}

/** Nothing where the program is not a working copy of its repository. */
async function commit(): Promise<string> {
  const git = run('git', ['-C', ROOT, 'rev-parse', '--short', 'HEAD']);
  return git.then(
    ({ stdout }) => ` (commit ${stdout.trim()})`,
    () => '',
  );
}
