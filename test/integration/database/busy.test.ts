import pg from 'pg';
import { expect } from 'vitest';
import { regenerateApiKey } from '../../../src/api-key/api-key.service.ts';
import { Database } from '../../../src/database/database.ts';
import { keyInput } from '../../support/fixtures.ts';
import { test } from '../../support/key-world.ts';

test.for([true, false])(
  'a command that waits too long for another one is refused as BUSY, prepared statements: %s',
  async (preparedStatements, { world }) => {
    const { services, database } = world.keyward;
    const { connectionString } = services.database.pool.options;
    if (connectionString === undefined) throw new Error('the program connects by a string');
    const silence = { silentServerMs: 20_000, silentProgramMs: 60_000 };
    const limits = { poolSize: 2, statementTimeoutMs: 15_000, lockTimeoutMs: 50, ...silence };
    const impatient = new Database({ connectionString, ...limits, preparedStatements, log: services.log });
    const holder = new pg.Client({ connectionString: database.ownerUrl });
    await holder.connect();
    await holder.query('begin');
    await holder.query('select from api_key for update');
    const ctx = { ...world.as(world.providerAdmin), database: impatient };
    await expect(regenerateApiKey(ctx, keyInput(world.organization))).rejects.toMatchObject({ code: 'BUSY' });
    await holder.query('rollback');
    await holder.end();
    await impatient.close();
    const [trail] = await database.query('select action, result from audit_event where request_id = $1', [
      ctx.requestId,
    ]);
    expect(trail).toEqual({ action: 'api_key.regenerate', result: 'BUSY' });
  },
);
