import { Socket } from 'node:net';

/**
 * Sends what is written in one turn of the event loop in one packet: `begin`, the scope and the first statement of a
 * transaction cost one system call instead of one each.
 */
export function coalescingSocket(): Socket {
  const socket = new Socket();
  const write: Socket['write'] = socket.write.bind(socket);
  let isHeld = false;
  const release = () => {
    isHeld = false;
    socket.uncork();
  };
  const holdAndWrite = (...chunk: Parameters<Socket['write']>) => {
    if (!isHeld) {
      isHeld = true;
      socket.cork();
      process.nextTick(release);
    }
    return write(...chunk);
  };
  // Connecting gives a socket its own way to write back.
  socket.once('connect', () => {
    Object.assign(socket, { write: holdAndWrite });
  });
  return socket;
}
