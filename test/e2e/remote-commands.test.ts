import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readRemoteConfig } from '../../src/config.ts';
import { exportFile } from '../../src/remote/export-file.ts';
import { importFile } from '../../src/remote/import-file.ts';
import { connectTo } from '../../src/remote/remote-server.ts';
import { bearer } from '../support/graphql-client.ts';
import { test as base, providerId } from '../support/graphql-world.ts';

const test = base.extend('directory', async ({}, { onCleanup }) => {
  const directory = await mkdtemp(join(tmpdir(), 'keyward-test-'));
  onCleanup(() => rm(directory, { recursive: true }));
  return directory;
});

test('keyward import says what is wrong by row and column; what keyward export writes changes nothing', async ({
  server,
  world,
  directory,
}) => {
  const { authorization } = await bearer(server.url, world.people.providerAdmin);
  const token = authorization.replace('Bearer ', '');
  const ask = connectTo(readRemoteConfig({ KEYWARD_URL: `${server.url}/`, KEYWARD_TOKEN: token }));
  const path = join(directory, 'organizations.csv');
  const provider = providerId(world.tenants.reseller);
  const importing = async (content: string, more = {}) => {
    await writeFile(path, content);
    const written: string[] = [];
    const options = { provider, dryRun: false, rowByRow: false, ...more };
    const isWhole = await importFile(ask, path, options, (text) => written.push(text));
    return { isWhole, written };
  };
  const mixed = 'name,externalId\nFirst,1\n,2\n';
  expect(await importing(mixed)).toEqual({
    isWhole: false,
    written: [
      'row 3, name: VALIDATION_FAILED: name must not be blank.\n',
      'FAILED: 0 created, 0 unchanged, 1 refused.\n',
    ],
  });
  expect(await importing(mixed, { rowByRow: true, dryRun: true })).toMatchObject({ isWhole: false });
  expect((await importing('name,externalId\nFirst,1\n')).written).toEqual([
    'SUCCEEDED: 1 created, 0 unchanged, 0 refused.\n',
  ]);
  await exportFile(ask, path, new URLSearchParams({ columns: 'externalId,name' }));
  expect(await readdir(directory)).toEqual(['organizations.csv']);
  const exported = await readFile(path, 'utf8');
  expect(exported).toContain('1,First\r\n');
  expect(await importing(exported)).toMatchObject({ isWhole: true });
  await expect(importing('title\nx\n')).rejects.toThrow('VALIDATION_FAILED: Row 1: Column 1 is none of');
  await expect(importing('name\nx\n', { provider: 'nothing' })).rejects.toThrow('NOT_FOUND');
});

test('both say what is missing when they cannot ask', async ({ server, directory }) => {
  expect(() => readRemoteConfig({})).toThrow('Set KEYWARD_TOKEN');
  const wrong = connectTo(readRemoteConfig({ KEYWARD_URL: server.url, KEYWARD_TOKEN: 'x.y.z' }));
  await expect(exportFile(wrong, join(directory, 'x'), new URLSearchParams())).rejects.toThrow('UNAUTHENTICATED');
  const nobody = connectTo(readRemoteConfig({ KEYWARD_URL: 'http://127.0.0.1:1', KEYWARD_TOKEN: 'x' }));
  await expect(exportFile(nobody, join(directory, 'x'), new URLSearchParams())).rejects.toThrow('There is no answer');
  const client = { KEYWARD_URL: server.url, KEYWARD_CLIENT_ID: 'nobody', KEYWARD_CLIENT_SECRET: 'kws_nothing' };
  await expect(connectTo(readRemoteConfig(client))('/imports/x')).rejects.toThrow('does not take KEYWARD_CLIENT_ID');
  expect(await readdir(directory)).toEqual([]);
});
