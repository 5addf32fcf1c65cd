import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { startKeyward, temporaryDirectory } from '../support/keyward-process.ts';

const example = new URL('../../examples/lifecycle.ts', import.meta.url).pathname;

test('the story of one key runs to its end, twice, as a plain client over HTTP', async () => {
  await using directory = await temporaryDirectory();
  const server = await startKeyward({ KEYWARD_DATA_DIR: directory.path, PORT: String(await freePort()) });
  const env = {
    ...process.env,
    KEYWARD_URL: server.url,
    KEYWARD_CREDENTIALS: join(directory.path, 'demo-credentials.json'),
  };
  for (let time = 0; time < 2; time++) {
    const { stdout } = await promisify(execFile)(process.execPath, [example], { env });
    expect(stdout).toContain('That was the life of one key.');
    expect(stdout).toContain('api_key.regenerate  OK');
    expect(stdout).not.toContain('undefined');
  }
  await server.stop('SIGTERM');
});
