import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { TestDatabase } from './test-database.ts';

const SCRIPT = new URL('../../ops/ha/cluster.sh', import.meta.url).pathname;
const run = promisify(execFile);
const LONGEST_COMMANDS_MS = 180_000;

export type NodeNumber = 1 | 2 | 3;
export const nodes: readonly NodeNumber[] = [1, 2, 3];
export type Part = `etcd${NodeNumber}` | `patroni${NodeNumber}` | `postgres${NodeNumber}`;

/** A node as Patroni sees it. */
interface Member {
  readonly name: string;
  readonly role: 'leader' | 'sync_standby' | 'replica';
  readonly state: string;
  readonly lag?: number | string;
}

export interface HaCluster extends AsyncDisposable {
  /** `DATABASE_URL` and what else Keyward is to use it with. */
  readonly settings: Readonly<Record<string, string>>;
  /** Through HAProxy: looked at as a superuser, whom row-level security does not bind. */
  readonly database: TestDatabase;
  /** What Patroni says of the nodes that are there. @throws Error when no node answers */
  members(): Promise<readonly Member[]>;
  /** Which node is that now. @throws Error when none is */
  nodeThatIs(role: Member['role']): Promise<NodeNumber>;
  /** `kill -9`. */
  kill(...parts: readonly Part[]): Promise<void>;
  /** They say nothing more until they wake, and keep their connections. */
  hang(...parts: readonly Part[]): Promise<void>;
  wake(...parts: readonly Part[]): Promise<void>;
  start(part: Exclude<Part, `postgres${NodeNumber}`>): Promise<void>;
  /** Does there what a document tells root to do. @returns what that printed @throws Error when it fails */
  on(node: NodeNumber, commands: string): Promise<string>;
  /** Whether that member of etcd is one of a majority. */
  isHealthy(etcd: NodeNumber): Promise<boolean>;
}

/** The cluster of `ops/ha/`. It ends with whoever started it: even killed, that one leaves the script without input. */
export async function startHaCluster(): Promise<HaCluster> {
  const parent = await mkdtemp(join(tmpdir(), 'keyward-ha-'));
  await run('chmod', ['755', parent]);
  const folder = join(parent, 'cluster');
  const child = spawn(SCRIPT, ['run', folder], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const settings = await settingsOf(child, ended);
  const superuser = new URL(settings['DATABASE_URL'] ?? '');
  superuser.username = 'postgres';
  superuser.password = await readFile(join(folder, 'secret', 'superuser'), 'utf8');
  const looks = new pg.Pool({ connectionString: superuser.href, max: 2, connectionTimeoutMillis: 2000 });
  looks.on('error', () => undefined); // the next statement has a new connection
  looks.on('connect', (client) => client.on('error', () => undefined));
  const network = new URL(settings['DATABASE_URL'] ?? '').hostname.replace(/\.\d+$/, '');
  const members = () => Promise.any(nodes.map((node) => membersBy(`http://${network}.${node}:8008/cluster`)));
  const command = (name: string, part: Part) => run(SCRIPT, [name, folder, part]);
  const each = async (name: string, parts: readonly Part[]) => {
    await Promise.all(parts.map((part) => command(name, part)));
  };
  const stop = async () => {
    await looks.end();
    await keepLogs(folder);
    child.stdin.end();
    await ended;
    await rm(parent, { recursive: true, force: true });
  };
  return {
    settings,
    database: {
      ownerUrl: settings['DATABASE_URL'] ?? '',
      query: async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) => {
        const { rows } = await looks.query<Row>(sql, [...values]);
        return rows;
      },
      [Symbol.asyncDispose]: stop,
    },
    members,
    nodeThatIs: async (role) => {
      const found = (await members()).find((member) => member.role === role);
      const node = nodes.find((each) => found?.name === `node${each}`);
      if (node === undefined) throw new Error(`no node is ${role}`);
      return node;
    },
    kill: (...parts) => each('kill', parts),
    hang: (...parts) => each('hang', parts),
    wake: (...parts) => each('wake', parts),
    start: async (part) => {
      await command('start', part);
    },
    on: async (node, commands) => {
      const running = run(SCRIPT, ['on', folder, String(node)], { timeout: LONGEST_COMMANDS_MS });
      running.child.stdin?.end(commands);
      return (await running).stdout;
    },
    isHealthy: (etcd) =>
      fetch(`http://${network}.${etcd}:2379/health`, { signal: AbortSignal.timeout(2000) }).then(
        ({ ok }) => ok,
        () => false,
      ),
    [Symbol.asyncDispose]: stop,
  };
}

/** Where somebody wants to read what the parts said. */
async function keepLogs(folder: string): Promise<void> {
  const kept = process.env['KEYWARD_HA_LOGS'];
  if (kept !== undefined) await cp(join(folder, 'log'), kept, { recursive: true });
}

async function membersBy(url: string): Promise<readonly Member[]> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
  const { members } = (await answer.json()) as { members: readonly Member[] };
  return members;
}

/** What the script says on its output, once the cluster is there. */
async function settingsOf(child: ChildProcess, ended: Promise<unknown>): Promise<Record<string, string>> {
  let [said, complaints] = ['', ''];
  child.stderr?.on('data', (chunk) => {
    complaints += String(chunk);
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      said += String(chunk);
      if (said.includes('KEYWARD_PREPARED_STATEMENTS=')) resolve();
    });
    void ended.then(() => reject(new Error(`the cluster is not there: ${complaints}`)));
  });
  return Object.fromEntries([...said.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}
