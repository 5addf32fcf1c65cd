import { join } from 'node:path';
import pg from 'pg';
import { type DistributionProgram, startProgram } from './distribution-program.ts';
import { freePort } from './free-port.ts';

export interface Pgbouncer extends AsyncDisposable {
  /** The same login and database as were given, through the pooler. */
  readonly connectionString: string;
}

export const PGBOUNCER: DistributionProgram = {
  name: 'pgbouncer',
  aptPackage: 'pgbouncer',
  versionFlag: '--version',
  stopSignals: ['SIGINT', 'SIGTERM'],
};

/** A value in pgbouncer's connection strings. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** As Debian sets it up, but for transaction pooling, and for one login that whoever connects is. */
function configuration(target: URL, port: number, poolSize: number): string {
  const database = decodeURIComponent(target.pathname.slice(1));
  const server = [
    `host=${target.hostname}`,
    `port=${target.port || '5432'}`,
    `dbname=${quoted(database)}`,
    `user=${quoted(decodeURIComponent(target.username))}`,
    `password=${quoted(decodeURIComponent(target.password))}`,
  ];
  return `[databases]
${database} = ${server.join(' ')}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 200
`;
}

/** The distribution's pgbouncer in transaction mode in front of the database, on a free port. */
export async function startPgbouncer(connectionString: string, poolSize: number): Promise<Pgbouncer> {
  const port = await freePort();
  const settings = configuration(new URL(connectionString), port, poolSize);
  const through = new URL(connectionString);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  const running = await startProgram(PGBOUNCER, {
    parametersIn: (folder) => ['-q', join(folder, 'pgbouncer.ini')],
    filesIn: (folder) => ({ 'pgbouncer.ini': `${settings}logfile = ${join(folder, 'log')}\n` }),
    ask: () => connectTo(through.href),
  });
  return {
    connectionString: through.href,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

async function connectTo(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
  } finally {
    await client.end().catch(() => undefined);
  }
}
