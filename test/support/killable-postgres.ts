import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import type { TestDatabase } from './test-database.ts';

/** A PostgreSQL of the test's own, as durable as in earnest; its address stays when it is started again. */
export interface KillablePostgres extends TestDatabase {
  /** `kill -9` of all its processes. */
  kill(): Promise<void>;
  /** Once it is killed. Resolves when it has recovered. */
  restart(): Promise<void>;
}

export async function startKillablePostgres(): Promise<KillablePostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'keyward-crash-'));
  let server = await startEmbeddedPostgres(dataDir, { settings: { max_connections: '100' } });
  const door = await openDoor(() => Number(new URL(server.connectionString).port));
  const url = new URL(server.connectionString);
  url.port = String(door.port);
  const owner = new pg.Pool({ connectionString: url.href, max: 2 });
  owner.on('error', () => undefined); // it is killed, that is what it is for
  return {
    ownerUrl: url.href,
    query: async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) => {
      const { rows } = await owner.query<Row>(sql, [...values]);
      return rows;
    },
    async kill() {
      const [postmaster] = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
      const pids = [Number(postmaster), ...(await childrenOf(Number(postmaster)))];
      for (const pid of pids) killIfAlive(pid);
      await server.stop();
    },
    async restart() {
      server = await startEmbeddedPostgres(dataDir, { settings: { max_connections: '100' } });
    },
    async [Symbol.asyncDispose]() {
      await owner.end();
      door.close();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A backend may have ended since it was seen. */
function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** A fixed port before a server that gets another one at every start. */
async function openDoor(portBehind: () => number): Promise<{ readonly port: number; close(): void }> {
  const open = new Set<Socket>();
  const door = createServer((outside) => {
    const inside = connect(portBehind(), '127.0.0.1');
    for (const [socket, other] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const close = () => {
    door.close();
    for (const socket of open) socket.destroy();
  };
  return { port: (door.address() as AddressInfo).port, close }; // it listens on TCP
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const [, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(ppid) === parent ? [pid] : [];
    }),
  );
  return found.flat();
}
