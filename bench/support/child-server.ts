import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ChildServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/** Runs a program that says its URL in a line once it listens, on either stream; ends it by its id. */
export async function startChild(args: readonly string[], env: Record<string, string>): Promise<ChildServer> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)));
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => {
        const found = /https?:\/\/[\w.:]+/.exec(line)?.[0];
        if (found !== undefined) resolve(found);
        else if (input === child.stderr) process.stderr.write(`${line}\n`);
      });
    }
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
