import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const CHILD = new URL('gateway-child.ts', import.meta.url).pathname;

/** A process that decides about calls, over a database that others use as well. */
export interface GatewayProcess extends AsyncDisposable {
  readonly url: string;
  /** As a power cut would. */
  kill(): Promise<void>;
}

export async function startGatewayProcess(ownerUrl: string, keyEncryptionKey: Buffer): Promise<GatewayProcess> {
  const env = { DATABASE_URL: ownerUrl, KEYWARD_KEY_ENCRYPTION_KEY: keyEncryptionKey.toString('base64') };
  const child = spawn(process.execPath, [CHILD], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then(() => reject(new Error('the process ended before it listened')));
  });
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  return { url, kill, [Symbol.asyncDispose]: kill };
}
