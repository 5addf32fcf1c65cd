import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a database server that may break, or fall silent, or lead to the server's next start. */
export interface FrailLink extends AsyncDisposable {
  /** The same connection string by way of the link. */
  readonly url: string;
  /** Where it leads from now on; null: nowhere, and what is open breaks. */
  leadTo(connectionString: string | null): void;
  /** Whether what is sent arrives, either way; else it is lost. */
  setSilent(isSilent: boolean): void;
}

export async function openFrailLink(connectionString: string): Promise<FrailLink> {
  let target: string | null = connectionString;
  let isSilent = false;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    if (target === null) {
      near.destroy();
      return;
    }
    const far = connect(Number(new URL(target).port), '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('data', (chunk) => isSilent || to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const url = new URL(connectionString);
  url.port = String(address.port);
  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: url.href,
    leadTo: (next) => {
      target = next;
      if (next === null) breakAll();
    },
    setSilent: (silent) => {
      isSilent = silent;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      breakAll();
      await once(server, 'close');
    },
  };
}
