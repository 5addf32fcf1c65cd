import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that Linux gives to whoever connects: a connection of another test does not take it meanwhile. */
const [FIRST, LAST] = [10_000, 32_000];

/** A port of this machine that nobody listens on now, and as many after it as somebody counts on from there. */
export async function freePort(after = 0): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST - after));
    const ports = Array.from({ length: after + 1 }, (_, index) => port + index);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const isListening = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isListening) return false;
  server.close();
  await once(server, 'close');
  return true;
}
