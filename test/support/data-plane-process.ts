import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './keyward-process.ts';
import type { TestDatabase } from './test-database.ts';

const CHILD = new URL('data-plane-child.ts', import.meta.url).pathname;

/** What clients and gateways ask, always at the same address, while it runs. */
export class DataPlaneProcess implements AsyncDisposable {
  readonly url: string;
  readonly #env;
  #child: ChildProcess | null = null;

  private constructor(port: number, env: Readonly<Record<string, string>>) {
    this.url = `http://127.0.0.1:${port}`;
    this.#env = { ...env, HOST: '127.0.0.1', PORT: String(port), KEYWARD_TRUSTED_PROXIES: '127.0.0.1' };
  }

  static async start({ ownerUrl }: TestDatabase, keyEncryptionKey: Buffer): Promise<DataPlaneProcess> {
    const key = keyEncryptionKey.toString('base64');
    const started = new DataPlaneProcess(await freePort(), { DATABASE_URL: ownerUrl, KEYWARD_KEY_ENCRYPTION_KEY: key });
    await started.start();
    return started;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [CHILD], { env: this.#env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    const ended = once(child, 'close').then(() => Promise.reject(new Error('it ended before it listened')));
    await Promise.race([once(child.stdout, 'data'), ended]);
    ended.catch(() => undefined);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
