import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { STATEMENTS_DIRECTORY } from './recorded-statements.ts';

const directory = process.env[STATEMENTS_DIRECTORY];
/** The program's own, which it sends as the runtime role: settings and what its infrastructure asks are not of them. */
const OF_THE_PROGRAM =
  /^\/\* (?!test[.]|database[.]|distribution[.]|doctor[.])[a-z_]+[.]\w+ \*\/ (?!set )(?!.*graphile_worker)/s;

if (directory !== undefined) {
  // Not before it is known to be needed: this file is loaded beside every file of tests.
  const { Client } = (await import('pg')).default;
  const file = join(directory, `${process.pid}`);
  const seen = new Set<string>();
  Client.prototype.query = new Proxy(Client.prototype.query, {
    apply(target, client: pg.Client, [statement, ...more]: [{ text?: unknown } | string | undefined, ...unknown[]]) {
      const text = typeof statement === 'object' ? statement.text : statement;
      if (typeof text === 'string' && !seen.has(text) && OF_THE_PROGRAM.test(text)) {
        seen.add(text);
        appendFileSync(file, `${JSON.stringify(text)}\n`);
      }
      return Reflect.apply(target, client, [statement, ...more]) as unknown;
    },
  });
}
