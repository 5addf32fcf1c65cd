import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Role } from '../identity/permissions.ts';
import type { Secret } from '../secrets/secret.ts';

/** Who can sign in to the demo fleet. */
export interface DemoUser {
  readonly username: string;
  readonly password: Secret;
  readonly role: Role;
  /** Name of the provider; null for the platform's own staff. */
  readonly serviceProvider: string | null;
  /** Name of the organization; null for staff. */
  readonly organization: string | null;
}

export interface DemoCredentials {
  /** Where to sign in. */
  readonly url: string;
  readonly users: readonly DemoUser[];
}

/** In a folder that may have to be made. The whole file or none of it, on disk when this resolves, and readable by nobody else at any time. */
export async function writeCredentialsFile(path: string, { url, users }: DemoCredentials): Promise<void> {
  const exposed = users.map((user) => ({ ...user, password: user.password.expose() }));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify({ url, users: exposed }, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** So that the new name outlives a power cut. Windows has no such call and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
