import pg from 'pg';
import { DomainError } from '../errors.ts';

/** Classes and codes: no connection, the server ends or starts, too many clients, a primary that is one no more. */
const SAID_BY_SERVER = /^(08...|57P0[1-3]|53300|25006)$/;
const SAID_BY_SYSTEM = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** Lost to others again and again, short of memory or room, ended for its length. */
const MAY_PASS = /^(40001|40P01|53...|57014)$/;
/** What pg says itself has no code. */
const SAID_BY_DRIVER =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/;

/** Whether the database, or the pooler in front of it, could not be reached or went away: what failed so may work in a moment. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return SAID_BY_SERVER.test(error.code ?? '');
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isDatabaseAway);
  const isOfSystem = 'syscall' in error && 'code' in error && SAID_BY_SYSTEM.test(String(error.code));
  return isOfSystem || SAID_BY_DRIVER.test(error.message);
}

/** The same, or that it was too busy or too slow: what failed so may work later, with nothing changed. */
export function mayPass(error: unknown): boolean {
  if (error instanceof DomainError) return error.code === 'BUSY';
  return isDatabaseAway(error) || (error instanceof pg.DatabaseError && MAY_PASS.test(error.code ?? ''));
}
