import pg from 'pg';
import { expect } from 'vitest';
import { Database } from '../../../src/database/database.ts';
import { runImport } from '../../../src/organization-file/run-import.service.ts';
import { startImport } from '../../../src/organization-file/start-import.service.ts';
import { asked, readImport } from '../../support/import-files.ts';
import { test } from '../../support/key-world.ts';

const LIMITS = { statementTimeoutMs: 15_000, lockTimeoutMs: 50, silentServerMs: 20_000, silentProgramMs: 60_000 };

test.for(['ALL_OR_NOTHING', 'PER_ORGANIZATION'] as const)(
  'an import goes on after what somebody else held for long (%s)',
  async (atomicity, { world }) => {
    const { services, database } = world.keyward;
    const { connectionString = '' } = services.database.pool.options;
    const ref = await startImport(world.as(world.providerAdmin), { ...asked(world, 'name\nOne\nTwo\n'), atomicity });
    const impatient = new Database({
      ...{ ...LIMITS, connectionString, poolSize: 2, preparedStatements: true, log: services.log },
    });
    const holder = new pg.Client({ connectionString: database.ownerUrl });
    await holder.connect();
    await holder.query('begin; lock table organization in share mode');
    const run = runImport({ ...services, database: impatient }, ref);
    await expect(run).rejects.toMatchObject({ code: 'BUSY' });
    expect((await readImport(world, ref)).operation).toMatchObject({ status: 'RUNNING', finishedAt: null });
    await holder.end();
    await impatient.close();
    await runImport(services, ref);
    expect((await readImport(world, ref)).operation).toMatchObject({ status: 'SUCCEEDED', changed: 2 });
  },
);
