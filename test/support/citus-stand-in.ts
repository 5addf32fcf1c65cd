import { readFile } from 'node:fs/promises';
import type { TestDatabase } from './test-database.ts';

const install = new URL('citus-stand-in/install.sql', import.meta.url);

/** Makes the database one where Citus seems to be there: what stands in for it says what it does not show. */
export async function installCitus(database: Pick<TestDatabase, 'query'>): Promise<void> {
  await database.query(await readFile(install, 'utf8'));
}
