import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { partOf } from '../watching/current.ts';
import { coalescingSocket } from './coalescing-socket.ts';
import { isDatabaseAway, mayPass } from './database-away.ts';
import { reportLostConnections } from './lost-connections.ts';
import { changeScopeStatements, type Scope, setScopeStatements } from './scope.ts';
import type { Statement } from './statement.ts';
import { readAtOnce, runInTransaction } from './transaction.ts';
import { typeParsers } from './type-parsers.ts';
import { type Pace, StatementWatch } from './watch-statement.ts';

/** An open transaction with its scope set. The only way to the tables. */
export interface Tx {
  rows<Row>(statement: Statement<Row>, values: readonly unknown[]): Promise<Row[]>;
  /** @throws Error unless there is exactly one row */
  row<Row>(statement: Statement<Row>, values: readonly unknown[]): Promise<Row>;
  rowOrNull<Row>(statement: Statement<Row>, values: readonly unknown[]): Promise<Row | null>;
  /** How many rows the statement touched. */
  count(statement: Statement<unknown>, values: readonly unknown[]): Promise<number>;
  /**
   * Does `work` with the eyes of another scope, which is part of this transaction all the same, and goes on with its own:
   * for what one command writes down at two tenants. Whatever names the scope must have been found under the
   * transaction's own. Nothing else of the transaction may be under way meanwhile.
   */
  within<Result>(scope: Scope, work: (tx: Tx) => Promise<Result>): Promise<Result>;
}

export interface DatabaseOptions {
  /** Connects as a role that owns nothing and cannot bypass row-level security. */
  readonly connectionString: string;
  readonly poolSize: number;
  /** Longest that one statement may run. */
  readonly statementTimeoutMs: number;
  /** A server that says nothing for that long, as one whose machine has vanished, counts as lost: its connection is given up. */
  readonly silentServerMs: number;
  /** The server rolls back a transaction whose program says nothing for that long: nobody waits for what it has locked. */
  readonly silentProgramMs: number;
  /** Longest that it may wait for what another transaction holds, such as a sync; 0: as long as it may run. */
  readonly lockTimeoutMs: number;
  /** Off behind a pooler in transaction mode: it takes no settings of a session either. */
  readonly preparedStatements: boolean;
  /** What takes longer is told to the log. */
  readonly slowStatementMs?: number;
  /** Says of an error that ended a transaction whether to run it again; what caused it has then been put right. */
  readonly recoversFrom?: (error: unknown) => boolean;
  readonly log: Logger;
}

/** Of one transaction. */
interface Course {
  readonly isOpen: () => boolean;
  readonly pace: Pace;
  readonly silentServerMs: number;
}

const SLOW_STATEMENT_MS = 1000;
/** Of a statement that may take as long as it needs. */
const SNAPSHOT_STATEMENT_MS = 3_600_000;
/** Notices within twenty seconds that nobody is at the other end of a connection on which nothing is under way. */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const;

export class Database {
  readonly pool: pg.Pool;
  readonly #options: DatabaseOptions;
  readonly #prisma: PrismaClient;
  readonly #watch: StatementWatch;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#watch = new StatementWatch(options.log, options.slowStatementMs ?? SLOW_STATEMENT_MS);
    this.pool = new pg.Pool({
      connectionString: options.connectionString,
      max: options.poolSize,
      ...(options.preparedStatements
        ? {
            statement_timeout: options.statementTimeoutMs,
            lock_timeout: options.lockTimeoutMs,
            idle_in_transaction_session_timeout: options.silentProgramMs,
          }
        : {}),
      connectionTimeoutMillis: options.statementTimeoutMs,
      query_timeout: options.silentServerMs,
      ...KEEP_ALIVE,
      application_name: 'keyward',
      pipeline: true,
      types: typeParsers,
      stream: coalescingSocket,
    });
    this.#prisma = new PrismaClient({ adapter: new PrismaPg(this.pool) });
    reportLostConnections(this.pool, options.log);
  }

  /**
   * Commits what `work` did, or nothing of it. Runs `work` again after a deadlock or a serialisation failure.
   * @throws DomainError `BUSY` when another transaction holds for too long what it has to change
   */
  withTransaction<Result>(scope: Scope, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const attempt = (client: pg.PoolClient) => this.#whileOpen(client, scope, work);
    const begin = this.#begin('begin', scope);
    return partOf('transaction', {}, () => runInTransaction(this.pool, begin, attempt, this.#options.recoversFrom));
  }

  /**
   * A read-only transaction in one round trip.
   * @param work sends its statements at once: one that waits for another's answer needs `withTransaction`
   */
  read<Result>(scope: Scope, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const send = (client: pg.PoolClient) => {
      let isOpen = true;
      const result = work(
        this.#tx(
          client,
          scope,
          this.#course(() => isOpen),
        ),
      );
      isOpen = false;
      return result;
    };
    return partOf('read', {}, () => readAtOnce(this.pool, this.#begin('begin read only', scope), send));
  }

  /** A read-only transaction whose statements all see the same moment, and may take an hour each. */
  readSnapshot<Result>(scope: Scope, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const opening = `begin isolation level repeatable read read only; set local statement_timeout = ${SNAPSHOT_STATEMENT_MS};
      set local idle_in_transaction_session_timeout = 0`;
    const attempt = (client: pg.PoolClient) => this.#whileOpen(client, scope, work, SNAPSHOT_STATEMENT_MS);
    return partOf('read', {}, () => runInTransaction(this.pool, begin(opening, scope), attempt));
  }

  /** The same through Prisma, for typed reads that are not hot. */
  readWithPrisma<Result>(scope: Scope, work: (prisma: Prisma.TransactionClient) => Promise<Result>): Promise<Result> {
    const transaction = () =>
      this.#prisma.$transaction(async (prisma) => {
        for (const sql of [...this.#timeLimit(), ...setScopeStatements(scope)]) await prisma.$executeRawUnsafe(sql);
        return work(prisma);
      });
    return partOf('prisma read', { kind: 'CLIENT' }, transaction);
  }

  /** Whether a transaction that began now would have a connection at once. */
  get hasFreeConnection(): boolean {
    const { idleCount, totalCount, waitingCount } = this.pool;
    return waitingCount === 0 && (idleCount > 0 || totalCount < this.#options.poolSize);
  }

  /** Whether something failed for want of the database: then it may work in a moment. */
  isAway(error: unknown): boolean {
    return isDatabaseAway(error);
  }

  /** Whether something failed for want of the database, or because it is busy or slow: then it may work later. */
  mayPass(error: unknown): boolean {
    return mayPass(error);
  }

  async isReachable(): Promise<boolean> {
    return this.pool.query('/* database.ping */ select 1').then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  #begin(command: string, scope: Scope): string {
    return begin([command, ...this.#timeLimit()].join('; '), scope);
  }

  /** Behind a pooler no setting outlives its transaction: the limit that a connection else begins with is set anew. */
  #timeLimit(): string[] {
    const { preparedStatements, statementTimeoutMs, lockTimeoutMs, silentProgramMs } = this.#options;
    if (preparedStatements) return [];
    return [
      `set local statement_timeout = ${statementTimeoutMs}`,
      `set local lock_timeout = ${lockTimeoutMs}`,
      `set local idle_in_transaction_session_timeout = ${silentProgramMs}`,
    ];
  }

  /** What `work` left under way when it ended or failed sends nothing more: the connection is somebody else's by then. */
  async #whileOpen<Result>(
    client: pg.PoolClient,
    scope: Scope,
    work: (tx: Tx) => Promise<Result>,
    silentServerMs = this.#options.silentServerMs,
  ): Promise<Result> {
    let isOpen = true;
    try {
      return await work(this.#tx(client, scope, { ...this.#course(() => isOpen), silentServerMs }));
    } finally {
      isOpen = false;
    }
  }

  #course(isOpen: () => boolean): Course {
    return { isOpen, pace: { lastAnsweredAt: 0 }, silentServerMs: this.#options.silentServerMs };
  }

  #tx(client: pg.PoolClient, own: Scope, course: Course): Tx {
    const run = async <Row>(statement: Statement<Row>, values: readonly unknown[]) => {
      if (!course.isOpen()) throw new Error(`${statement.name}: comes after the end of what it belongs to`);
      this.#options.log.debug({ statement: statement.name }, 'sql');
      const isPrepared = this.#options.preparedStatements && !statement.isReplanned;
      const name = isPrepared ? { name: statement.name } : {};
      const query = { ...name, text: statement.text, values: [...values], query_timeout: course.silentServerMs };
      return this.#watch.run(statement.name, course.pace, () => client.query<Row & pg.QueryResultRow>(query));
    };
    const change = (scope: Scope) => client.query(changeScopeStatements(scope).join('; '));
    const rowOrNull = async <Row>(statement: Statement<Row>, values: readonly unknown[]): Promise<Row | null> => {
      const { rows } = await run(statement, values);
      if (rows.length > 1) throw new Error(`${statement.name}: more than one row`);
      return rows[0] ?? null;
    };
    return {
      within: async (scope, work) => {
        await change(scope);
        const result = await work(this.#tx(client, scope, course)).catch(async (error: unknown) => {
          await change(own).catch(() => undefined); // after a failed statement nothing is taken, and nothing seen
          throw error;
        });
        await change(own);
        return result;
      },
      rows: async (statement, values) => (await run(statement, values)).rows,
      rowOrNull,
      row: async (statement, values) => {
        const row = await rowOrNull(statement, values);
        if (row === null) throw new Error(`${statement.name}: no row`);
        return row;
      },
      count: async (statement, values) => (await run(statement, values)).rowCount ?? 0,
    };
  }
}

function begin(command: string, scope: Scope): string {
  return [command, ...setScopeStatements(scope)].join('; ');
}
