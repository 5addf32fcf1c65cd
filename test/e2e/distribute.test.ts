import { expect, test } from 'vitest';
import { installCitus } from '../support/citus-stand-in.ts';
import { runKeyward } from '../support/keyward-process.ts';
import { cloneTestDatabase } from '../support/test-database.ts';

const distribute = ['database', 'distribute'];

test('without Citus keyward database distribute is exit code 1, with what to do', { timeout: 60_000 }, async () => {
  await using database = await cloneTestDatabase();
  for (const args of [distribute, [...distribute, '--dry-run']]) {
    const { code, stdout, stderr } = await runKeyward(args, { DATABASE_URL: database.ownerUrl });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^keyward: .* does not have the extension Citus: install it .* Nothing was changed.\n$/);
  }
  const embedded = await runKeyward(distribute, { DATABASE_URL: '' });
  expect(embedded).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^keyward: The built-in PostgreSQL is one machine/),
  });
});

test('with it a dry run says the SQL, the run says what it did, and the next has nothing to do', {
  timeout: 60_000,
}, async () => {
  await using database = await cloneTestDatabase();
  await installCitus(database);
  const run = (...more: string[]) => runKeyward([...distribute, ...more], { DATABASE_URL: database.ownerUrl });
  const dry = await run('--dry-run');
  expect(dry).toMatchObject({ code: 0, stderr: '' });
  expect(dry.stdout).toContain("\n  select create_reference_table('directory_entry');\n");
  const first = await run();
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(/^api_key: distributed by root_provider_id, beside service_provider$/m);
  expect(await run()).toMatchObject({ code: 0, stdout: expect.stringMatching(/there was nothing to do.\n$/) });
});
