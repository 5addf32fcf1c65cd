import { spawn, spawnSync } from 'node:child_process';
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chooseIdentity } from '../../src/database/postgres-account.ts';

export interface Nginx extends AsyncDisposable {
  readonly url: string;
  /** One of its files. */
  read(name: string): Promise<string>;
}

const HOW_TO_INSTALL =
  'The tests need nginx, which is not on the PATH: install it with "apt-get install nginx-light" or "brew install nginx", or name its program in KEYWARD_TEST_NGINX.';

/** @throws Error that says how to install it */
function findBinary(): string {
  const given = process.env['KEYWARD_TEST_NGINX'];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/opt/homebrew/bin',
  ];
  const candidates = given === undefined ? folders.map((folder) => join(folder, 'nginx')) : [given];
  const found = candidates.find((file) => spawnSync(file, ['-v'], { stdio: 'ignore' }).status === 0);
  if (found === undefined) throw new Error(HOW_TO_INSTALL);
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}

function surroundings(folder: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const temporary = kinds.map((kind) => `${kind}_temp_path ${join(folder, kind)};`);
  return `daemon off;
worker_processes 1;
pid ${join(folder, 'pid')};
error_log ${join(folder, 'log')};
events {}
http {
  access_log off;
  ${temporary.join('\n  ')}
  include ${join(folder, 'site.conf')};
}
`;
}

/**
 * The distribution's nginx on a free port.
 * @param site what the documentation has for the http block, given the port and a folder for further files
 * @param files further files, by name
 */
export async function startNginx(
  site: (port: number, folder: string) => string,
  files: Readonly<Record<string, string>>,
): Promise<Nginx> {
  const binary = findBinary();
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'keyward-nginx-'));
  const all = { ...files, 'nginx.conf': surroundings(folder), 'site.conf': site(port, folder) };
  const identity = process.getuid?.() === 0 ? chooseIdentity(null) : null;
  if (identity !== null) await chown(folder, identity.uid, identity.gid);
  for (const [name, content] of Object.entries(all)) {
    await writeFile(join(folder, name), content, { mode: 0o600 });
    if (identity !== null) await chown(join(folder, name), identity.uid, identity.gid);
  }
  const log = join(folder, 'log');
  const parameters = ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', log];
  const child = spawn(binary, parameters, { cwd: '/', stdio: 'ignore', ...identity });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilAnswering(url, ended);
  } catch (cause) {
    child.kill();
    const said = await readFile(log, 'utf8').catch(() => 'it wrote no log');
    throw new Error(`nginx does not answer: ${said}`, { cause });
  }
  return {
    url,
    read: (name) => readFile(join(folder, name), 'utf8'),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGQUIT');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const LONGEST_START_MS = 10_000;

async function untilAnswering(url: string, ended: Promise<void>): Promise<void> {
  const gone = ended.then(() => 'GONE' as const);
  const deadline = performance.now() + LONGEST_START_MS;
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch (cause) {
      if (performance.now() > deadline) throw cause;
    }
    if ((await Promise.race([gone, wait(20)])) === 'GONE') throw new Error('it has ended');
  }
}
