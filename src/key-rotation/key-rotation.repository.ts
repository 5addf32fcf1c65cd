import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { KeyRotation, KeyRotationId } from './rotation.ts';

const columns = 'id, started_at as "startedAt", rewrapped, resealed';

const serialize = statement<never>(
  'data_key_rotation.serialize',
  `select pg_advisory_xact_lock(hashtext('keyward.data_key_rotation'), 0)`,
);

const findOpen = statement<KeyRotation>(
  'data_key_rotation.find_open',
  `select ${columns} from data_key_rotation where finished_at is null`,
);

/** The run that has not ended. Until the transaction ends nobody else begins one. */
export async function lockOpenRotation(tx: Tx): Promise<KeyRotation | null> {
  await tx.rows(serialize, []);
  return tx.rowOrNull(findOpen, []);
}

const insert = statement<KeyRotation>(
  'data_key_rotation.insert',
  `insert into data_key_rotation (id, started_at) values ($1, $2) returning ${columns}`,
);

export function insertRotation(tx: Tx, id: KeyRotationId, startedAt: Date): Promise<KeyRotation> {
  return tx.row(insert, [id, startedAt]);
}

const find = statement<KeyRotation>('data_key_rotation.find', `select ${columns} from data_key_rotation where id = $1`);

export function findRotation(tx: Tx, { id }: KeyRotation): Promise<KeyRotation> {
  return tx.row(find, [id]);
}

const add = statement<never>(
  'data_key_rotation.add',
  'update data_key_rotation set rewrapped = rewrapped + $2, resealed = resealed + $3 where id = $1',
);

/** Counts what this transaction did: what is not committed is not counted. */
export async function addToRotation(
  tx: Tx,
  { id }: KeyRotation,
  done: Partial<Pick<KeyRotation, 'rewrapped' | 'resealed'>>,
): Promise<void> {
  const { rewrapped = 0, resealed = 0 } = done;
  if (rewrapped + resealed > 0) await tx.count(add, [id, rewrapped, resealed]);
}

const finish = statement<KeyRotation>(
  'data_key_rotation.finish',
  `update data_key_rotation set finished_at = $2 where id = $1 and finished_at is null returning ${columns}`,
);

/** Null when another process has ended it already. */
export function finishRotation(tx: Tx, { id }: KeyRotation, now: Date): Promise<KeyRotation | null> {
  return tx.rowOrNull(finish, [id, now]);
}
