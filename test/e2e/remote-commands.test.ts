import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect } from 'vitest';
import { readRemoteConfig } from '../../src/config.ts';
import { exportFile } from '../../src/remote/export-file.ts';
import { importFile } from '../../src/remote/import-file.ts';
import { showProgress } from '../../src/remote/progress.ts';
import { connectTo } from '../../src/remote/remote-server.ts';
import { bearer } from '../support/graphql-client.ts';
import { test as base, providerId } from '../support/graphql-world.ts';
import type { KeyWorld } from '../support/key-world.ts';
import { runKeyward } from '../support/keyward-process.ts';
import type { TestServer } from '../support/test-installation.ts';

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
    const write = (line: string) => written.push(line);
    const options = { provider, dryRun: false, rowByRow: false, ...more };
    const isWhole = await importFile(ask, path, options, { result: write, problem: write });
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

describe('on the command line', () => {
  /** `keyward <args>` against the test's server, in the name of its provider's administrator. */
  async function prepare(server: TestServer, world: KeyWorld, directory: string) {
    const { authorization } = await bearer(server.url, world.people.providerAdmin);
    const env = { KEYWARD_URL: server.url, KEYWARD_TOKEN: authorization.replace('Bearer ', '') };
    const file = join(directory, 'organizations.csv');
    const provider = providerId(world.tenants.reseller);
    return {
      file,
      run: (...args: string[]) => runKeyward(args, env),
      importing: async (content: string | Uint8Array, ...options: string[]) => {
        await writeFile(file, content);
        const { code, stdout, stderr } = await runKeyward(['import', file, '--provider', provider, ...options], env);
        return { code, stdout, stderr };
      },
    };
  }

  test('an import tells by row and column what is refused, and by its exit code whether anything is', {
    timeout: 60_000,
  }, async ({ server, world, directory }) => {
    const { importing } = await prepare(server, world, directory);
    const mixed = 'name,externalId,plan,endsAt\nCommand,C-1,API,2100-01-01\n,C-2,,\nThird,C-3,API,soon\n';
    const stderr = [
      'row 3, name: VALIDATION_FAILED: name must not be blank.\n',
      'row 4, endsAt: VALIDATION_FAILED: endsAt must be a date such as 2026-11-21, or a time such as 2026-11-21T08:00:00Z.\n',
    ].join('');
    const trial = 'Dry run: PARTIALLY_SUCCEEDED: 1 to be created, 0 unchanged, 2 refused.\n';
    expect(await importing(mixed, '--dry-run', '--row-by-row')).toEqual({ code: 1, stdout: trial, stderr });
    expect(await importing(mixed)).toEqual({ code: 1, stdout: 'FAILED: 0 created, 0 unchanged, 2 refused.\n', stderr });
    const done = 'PARTIALLY_SUCCEEDED: 1 created, 0 unchanged, 2 refused.\n';
    expect(await importing(mixed, '--row-by-row')).toEqual({ code: 1, stdout: done, stderr });
    expect(await importing('name,externalId\nCommand,C-1\n', '--dry-run')).toEqual({
      code: 0,
      stdout: 'Dry run: SUCCEEDED: 0 to be created, 1 unchanged, 0 refused.\n',
      stderr: '',
    });
  });

  test.for<[string, string | Uint8Array, string]>([
    ['a wrong header', 'Name\nx\n', 'VALIDATION_FAILED: Row 1: Column 1 is none of name,'],
    [
      'another encoding',
      Buffer.from('name\nx\nZ\xfcrich\n', 'latin1'),
      'VALIDATION_FAILED: Row 3: The file is not in UTF-8.',
    ],
    ['a broken quote', 'name\nx\n"never closed\n', 'VALIDATION_FAILED: Row 3: A quote is opened here'],
  ])(
    'a file with %s is refused as a whole, by its row',
    { timeout: 60_000 },
    async ([, content, complaint], { server, world, directory }) => {
      const { importing } = await prepare(server, world, directory);
      const { code, stdout, stderr } = await importing(content);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain(`keyward: ${complaint}`);
    },
  );

  test('an export goes to a file or to the standard output, and can be imported again', { timeout: 60_000 }, async ({
    server,
    world,
    directory,
  }) => {
    const { run, file, importing } = await prepare(server, world, directory);
    expect(await importing('name,externalId\nExported,E-1\n')).toMatchObject({ code: 0 });
    const args = ['--columns', 'externalId,name', '--search', 'E-1'];
    const printed = await run('export', '-', ...args);
    expect(printed).toMatchObject({ code: 0, stdout: 'externalId,name\r\nE-1,Exported\r\n', stderr: '' });
    expect(await run('export', file, ...args)).toMatchObject({ code: 0, output: '' });
    expect(await readFile(file, 'utf8')).toBe(printed.stdout);
    expect(await importing(printed.stdout)).toMatchObject({ code: 0, stdout: expect.stringContaining('1 unchanged') });
    const wrong = await run('export', file, '--key-status', 'ON');
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('keyward: VALIDATION_FAILED: apiKeyStatus'),
    });
    expect(await readFile(file, 'utf8')).toBe(printed.stdout);
  });
});

test('a terminal is shown a bar; whatever else reads along is not', async () => {
  const shownOn = (isTTY: boolean): string => {
    const stream = Object.assign(new PassThrough(), { isTTY });
    const progress = showProgress('Importing', 200, stream);
    progress.show(50);
    progress.end();
    return String(stream.read() ?? '');
  };
  expect(shownOn(true)).toMatch(/Importing .*25% \| 50\/200/);
  expect(shownOn(false)).toBe('');
});
