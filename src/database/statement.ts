/** One SQL statement, named: the name is its leading comment, its prepared statement and its word in the logs. */
export interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  /** Planned anew each time: over many rows the right plan depends on how large the tables are by now. */
  readonly isReplanned?: boolean;
  /** Never set: it ties the statement to the shape of its rows. */
  readonly row?: Row;
}

/** @param name feature and verb, e.g. `api_key.lock_slot`; unique over the program and at most 63 characters */
export function statement<Row>(name: string, text: string, { isReplanned = false } = {}): Statement<Row> {
  return { name, text: `/* ${name} */ ${text.trim()}`, isReplanned };
}
