import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, vi } from 'vitest';
import type { TestDatabase } from './test-database.ts';

/** A process of a test's own. */
export interface KillableProcess {
  /** As a power cut would. Resolves when it has ended. */
  kill(): Promise<void>;
}

/**
 * Runs a script that says something once it is ready, and ends with whoever started it. Resolves when it is ready.
 * @param onSaid what it says then and from then on
 */
export async function startKillable(
  script: URL,
  env: Readonly<Record<string, string>>,
  onSaid: (text: string) => void = () => undefined,
): Promise<KillableProcess> {
  const child = spawn(process.execPath, [script.pathname], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  child.stdout.on('data', (chunk) => onSaid(String(chunk)));
  const isReady = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)]);
  if (!isReady) throw new Error('it ended before it was ready');
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** What it needs to open an installation. */
export function environmentOf({ ownerUrl }: Pick<TestDatabase, 'ownerUrl'>, keyEncryptionKey: Buffer) {
  return { DATABASE_URL: ownerUrl, KEYWARD_KEY_ENCRYPTION_KEY: keyEncryptionKey.toString('base64') };
}

/** Resolves when nothing is under way any more of what a killed process had sent. */
export async function untilQuiet(database: TestDatabase): Promise<void> {
  await vi.waitFor(async () => {
    const busy = await database.query(`select from pg_stat_activity
      where application_name in ('keyward', 'keyward jobs') and state <> 'idle' and pid <> pg_backend_pid()`);
    expect(busy).toEqual([]);
  }, 60_000);
}
