import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ChildServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/** Runs a program that prints a line with its URL once it listens; ends it by its id. */
export async function startChild(args: readonly string[], env: Record<string, string>): Promise<ChildServer> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /https?:\/\/[\w.:]+/.exec(line)?.[0];
      if (found !== undefined) resolve(found);
    });
  });
  if (child.pid === undefined) throw new Error('a server without a process');
  return {
    url,
    pid: child.pid,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
