import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/keyward-process.ts';

const run = promisify(execFile);
const SOURCE = new URL('../../../clients/node', import.meta.url).pathname;
const TSC = new URL('../../../node_modules/typescript/bin/tsc', import.meta.url).pathname;

/** As `npm pack` makes it. */
async function build(folder: string): Promise<void> {
  await run(process.execPath, [TSC, '-p', join(SOURCE, 'tsconfig.json'), '--outDir', join(folder, 'dist')]);
  await copyFile(join(SOURCE, 'package.json'), join(folder, 'package.json'));
}

test('what is packed runs by itself, in plain JavaScript, and depends on nothing', async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'node_modules/@keyward/client');
  await mkdir(path, { recursive: true });
  await build(path);
  const manifest = JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as Record<string, unknown>;
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies'])
    expect(manifest[kind]).toBeUndefined();
  const program = `
    import { KeywardClient, KeywardError } from '@keyward/client';
    const client = new KeywardClient({ baseUrl: 'http://127.0.0.1:1', organization: 'x', patienceMs: 0,
      serviceAccount: { clientId: 'x', clientSecret: 'x' } });
    const error = await client.fetch('/').catch((thrown) => thrown);
    console.log(error instanceof KeywardError, error.code);
    await client.close();`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: directory.path });
  expect(stdout.trim()).toBe('true UNAVAILABLE');
});
