import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from '../setup-error.ts';
import { KEY_FORM, parseKey } from './parse-key.ts';

/** The embedded database's key encryption key: made at the first start, readable by its owner only. */
export async function readOrMakeLocalKey(dataDir: string): Promise<Buffer> {
  const file = localKeyFile(dataDir);
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  const key = parseKey(await readFile(file, 'utf8'));
  if (key === null) throw new SetupError(`${file} must hold ${KEY_FORM}. Restore the one that was there.`);
  return key;
}

/** The same when it is there already; null: it is not. @throws SetupError */
export async function readLocalKey(dataDir: string): Promise<Buffer | null> {
  return existsSync(localKeyFile(dataDir)) ? readOrMakeLocalKey(dataDir) : null;
}

function localKeyFile(dataDir: string): string {
  return join(dataDir, 'key-encryption-key');
}
