import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { escapeLiteral } from 'pg';
import type { RecordedStatement } from './recorder.ts';

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return String(value);
  if (value instanceof Date) return escapeLiteral(value.toISOString());
  if (Buffer.isBuffer(value)) return escapeLiteral(`\\x${value.toString('hex')}`);
  if (Array.isArray(value)) return escapeLiteral(`{${value.join(',')}}`);
  return escapeLiteral(String(value));
}

/** As pgbench can run it again and again: whatever version the slot is at, and with a new id for each audit row. */
function toScript(statements: readonly RecordedStatement[]): string {
  const lines = statements.map(({ text, values }) => {
    const repeatable = text.replace(/and version = \$\d+/, 'and version = version');
    return repeatable.replace(/\$(\d+)/g, (_, position: string) => {
      const isAuditId = text.includes('audit_event.insert') && position === '2';
      return isAuditId ? 'gen_random_uuid()' : literal(values[Number(position) - 1]);
    });
  });
  return lines.map((line) => `${line.replaceAll(/\s*\n\s*/g, ' ').replace(/\/\*.*?\*\/ /, '')};`).join('\n');
}

/** Recorded statements as files, of which pgbench runs one or another. */
export interface PgbenchScripts extends AsyncDisposable {
  readonly files: readonly string[];
}

/** A file for each. */
export async function keepScripts(recorded: readonly (readonly RecordedStatement[])[]): Promise<PgbenchScripts> {
  const directory = await mkdtemp(join(tmpdir(), 'keyward-pgbench-'));
  const files = recorded.map((_, index) => join(directory, `${index}.sql`));
  for (const [index, statements] of recorded.entries()) {
    await writeFile(join(directory, `${index}.sql`), toScript(statements));
  }
  return { files, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) };
}

/** Transactions per second, by `pgbench` on the PATH. @param url that of the role that the application works as: under the same row-level security */
export async function pgbenchPerSecond(
  url: string,
  { files }: PgbenchScripts,
  connections: number,
  seconds: number,
): Promise<number> {
  const args = ['-n', '-M', 'prepared', '-c', String(connections), '-j', '1', '-T', String(seconds)];
  const scripts = files.flatMap((file) => ['-f', file]);
  const options = { env: { ...process.env, ...connectionEnv(url) } };
  const { stdout } = await promisify(execFile)('pgbench', [...args, ...scripts], options);
  const tps = /tps = ([\d.]+)/.exec(stdout)?.[1];
  if (tps === undefined) throw new Error('pgbench told no figure');
  return Number(tps);
}

/** Not among the arguments, which an error would tell with the password. */
function connectionEnv(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
  };
}
