import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { writeCredentialsFile } from '../../../src/seed/credentials-file.ts';
import { isEmpty, seedDemo } from '../../../src/seed/seed-demo.ts';
import { temporaryDirectory } from '../../support/keyward-process.ts';
import { test } from '../../support/seeded-fleet.ts';
import { openTestInstallation } from '../../support/test-installation.ts';

describe('the credentials file', () => {
  test('is for its owner alone, is whole, and says for each user where they belong', async ({ fleet }) => {
    const { keyward, folder, credentials } = fleet;
    const { url, credentialsFile } = fleet.options;
    expect((await stat(credentialsFile)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['demo-credentials.json']);
    const users = credentials.users.map((user) => ({ ...user, password: user.password.expose() }));
    expect(JSON.parse(await readFile(credentialsFile, 'utf8'))).toEqual({ url, users });
    const [row] = await keyward.database.query<{ known: number }>(
      `select count(*)::int as known from staff_member m
       left join organization o on o.id = m.organization_id left join service_provider p on p.id = m.provider_id
       join jsonb_to_recordset($1::jsonb) listed (username text, role text, "serviceProvider" text, organization text)
         on listed.username = m.username and listed.role = m.role::text and listed.organization is not distinct from o.name
         and listed."serviceProvider" is not distinct from p.name`,
      [JSON.stringify(users)],
    );
    expect(row?.known).toBe(users.length);
  });

  test('stays as it is when the fleet is seeded a second time, which is refused', async ({ fleet }) => {
    const { keyward, options } = fleet;
    const before = await readFile(options.credentialsFile, 'utf8');
    await expect(seedDemo(keyward.services, options)).rejects.toMatchObject({
      code: '23505',
    });
    expect(await readFile(options.credentialsFile, 'utf8')).toBe(before);
  });

  test('makes its folder where there is none, for its owner alone', async ({ fleet }) => {
    await using folder = await temporaryDirectory();
    const made = join(folder.path, 'new');
    await writeCredentialsFile(join(made, 'x.json'), fleet.credentials);
    expect(await readdir(made)).toEqual(['x.json']);
    expect((await stat(made)).mode & 0o777).toBe(0o700);
  });

  test('is a condition of the fleet: where it cannot be written, nothing is seeded', async ({ fleet }) => {
    await using folder = await temporaryDirectory();
    await using empty = await openTestInstallation();
    const blocked = join(folder.path, 'file');
    await writeFile(blocked, '');
    const options = { ...fleet.options, credentialsFile: join(blocked, 'x.json') };
    await expect(seedDemo(empty.services, options)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await isEmpty(empty.services)).toBe(true);
  });
});
