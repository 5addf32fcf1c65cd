import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const HOW_TO_INSTALL =
  'The tests need haproxy, which is not on the PATH: install it with "apt-get install haproxy" or "brew install haproxy", or name its program in KEYWARD_TEST_HAPROXY.';
const CONFIGURATION = new URL('../../ops/haproxy/haproxy.cfg', import.meta.url);
/** Which only root can give up, and which the distribution makes for HAProxy. */
const RIGHTS = /^ {2}(user|group|chroot) .*\n/gm;
const CHROOT = '/var/lib/haproxy';
const LONGEST_START_MS = 10_000;

/** @throws Error that says how to install it */
function findBinary(): string {
  const given = process.env['KEYWARD_TEST_HAPROXY'];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/opt/homebrew/bin',
  ];
  const candidates = given === undefined ? folders.map((folder) => join(folder, 'haproxy')) : [given];
  const found = candidates.find((file) => spawnSync(file, ['-v'], { stdio: 'ignore' }).status === 0);
  if (found === undefined) throw new Error(HOW_TO_INSTALL);
  return found;
}

export interface Haproxy extends AsyncDisposable {
  readonly url: string;
  /** Of the process that takes the requests. */
  readonly pid: number;
  /** What it takes the servers `one` and `two` for: `UP` or `DOWN`. */
  statusOf(server: 'one' | 'two'): Promise<string | undefined>;
}

/** The distribution's HAProxy with the configuration of `ops/`, in front of two servers. */
export async function startHaproxy(ports: readonly [number, number]): Promise<Haproxy> {
  const binary = findBinary();
  const [port, statusPort] = [await freePort(), await freePort()];
  const folder = await mkdtemp(join(tmpdir(), 'keyward-haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  const places: [string, number][] = [
    ['127.0.0.1:8080', port],
    ['127.0.0.1:8404', statusPort],
    ['127.0.0.1:4001', ports[0]],
    ['127.0.0.1:4002', ports[1]],
  ];
  let configuration = await readFile(CONFIGURATION, 'utf8');
  configuration = configuration.replace('retries 3', 'retries 0'); // which would hide a server that left too early
  if (process.getuid?.() !== 0 || !existsSync(CHROOT)) configuration = configuration.replace(RIGHTS, '');
  for (const [place, own] of places) configuration = configuration.replace(place, `127.0.0.1:${own}`);
  await writeFile(file, configuration);
  const child = spawn(binary, ['-db', '-f', file], { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = performance.now() + LONGEST_START_MS;
  while (!(await isReady(url))) {
    if (child.exitCode === null && performance.now() < deadline) await wait(20);
    else {
      await stop();
      throw new Error(`haproxy does not answer: ${said}`);
    }
  }
  const statusOf = async (server: string) => {
    const table = await (await fetch(`http://127.0.0.1:${statusPort}/;csv`)).text();
    const lines = table.split('\n').map((line) => line.split(','));
    const column = lines[0]?.indexOf('status') ?? -1;
    return lines.find(([backend, name]) => backend === 'keyward' && name === server)?.[column];
  };
  return { url, pid: child.pid ?? 0, statusOf, [Symbol.asyncDispose]: stop };
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
