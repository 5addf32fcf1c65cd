import { freePort } from './free-port.ts';
import { environmentOf, type KillableProcess, startKillable } from './killable-process.ts';
import type { TestDatabase } from './test-database.ts';

const CHILD = new URL('data-plane-child.ts', import.meta.url);

/** What clients and gateways ask, always at the same address, while it runs. */
export class DataPlaneProcess implements AsyncDisposable {
  readonly url: string;
  readonly #env;
  #running: KillableProcess | null = null;

  private constructor(port: number, env: Readonly<Record<string, string>>) {
    this.url = `http://127.0.0.1:${port}`;
    this.#env = { ...env, HOST: '127.0.0.1', PORT: String(port), KEYWARD_TRUSTED_PROXIES: '127.0.0.1' };
  }

  static async start(database: TestDatabase, keyEncryptionKey: Buffer): Promise<DataPlaneProcess> {
    const started = new DataPlaneProcess(await freePort(), environmentOf(database, keyEncryptionKey));
    await started.start();
    return started;
  }

  async start(): Promise<void> {
    this.#running = await startKillable(CHILD, this.#env);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.kill();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
