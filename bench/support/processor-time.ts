import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';

/** Of Linux, whatever the clock of the kernel: what /proc tells is in hundredths of a second. */
const TICKS_PER_SECOND = 100;

interface ProcessTimes {
  readonly parent: number;
  readonly ownSeconds: number;
  /** Of those that it started and that have ended. */
  readonly endedSeconds: number;
}

/** Null when it has ended meanwhile. */
async function timesOf(pid: number | 'self'): Promise<ProcessTimes | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent = 0] = fields;
  const [own = 0, ownSystem = 0, ended = 0, endedSystem = 0] = fields.slice(11, 15);
  return {
    parent,
    ownSeconds: (own + ownSystem) / TICKS_PER_SECOND,
    endedSeconds: (ended + endedSystem) / TICKS_PER_SECOND,
  };
}

/** Processor seconds that these processes have had so far. */
export async function processorSeconds(pids: readonly number[]): Promise<number> {
  const all = await Promise.all(pids.map(timesOf));
  return all.reduce((sum, times) => sum + (times?.ownSeconds ?? 0), 0);
}

/** Of the programs that this one has started and that have ended, such as wrk. */
export async function endedChildrenSeconds(): Promise<number> {
  return (await timesOf('self'))?.endedSeconds ?? 0;
}

/** The process that started all others of that PostgreSQL. */
export async function postmasterOf(connectionString: string): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const times = await timesOf(rows[0]?.pid ?? 0);
  await client.end();
  if (times === null) throw new Error('the processes of PostgreSQL are to be on this machine');
  return times.parent;
}

/** Of all that belong to it, those that have ended included. */
export async function postgresSeconds(postmaster: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map(timesOf));
  const own = all.reduce((sum, times) => sum + (times?.parent === postmaster ? times.ownSeconds : 0), 0);
  const itself = await timesOf(postmaster);
  return own + (itself?.ownSeconds ?? 0) + (itself?.endedSeconds ?? 0);
}
