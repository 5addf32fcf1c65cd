/** A machine of a Citus cluster appends the number of the shard, `_102008`, behind a hash of names that are too long for it. */
const OF_SHARD = /(_[0-9a-f]{8})?_1\d{5,}$/;
/** So much of a name that was cut off tells which it is. */
const TELLING_LENGTH = 45;

/**
 * The name of the constraint that refused a row, as the migrations call it or the beginning of that.
 * @param constraint as PostgreSQL tells it; what comes from another machine of a cluster tells it in the message alone
 */
export function constraintName({
  constraint,
  message,
}: {
  readonly constraint?: string | undefined;
  readonly message: string;
}) {
  const name = constraint ?? /constraint "([^"]+)"/.exec(message)?.[1] ?? '';
  return name.replace(OF_SHARD, '');
}

/** Whether it is the one that the migrations call so. */
export function isConstraint(error: Parameters<typeof constraintName>[0], name: string): boolean {
  const found = constraintName(error);
  return found === name || (found.length >= TELLING_LENGTH && name.startsWith(found));
}
