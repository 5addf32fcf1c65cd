import { connect } from 'node:net';

export interface SocketAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

const LONGEST_WAIT_MS = 5_000;

/**
 * What a server says to these bytes, as they are, until it closes or says nothing more. Null when it says nothing at all.
 * @param patienceMs after how long a silence nothing more is expected
 */
export async function sendBytes(
  url: string,
  bytes: string | Buffer,
  patienceMs = LONGEST_WAIT_MS,
): Promise<SocketAnswer | null> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.setTimeout(patienceMs, () => socket.destroy());
  socket.write(bytes);
  await new Promise<void>((resolve) => socket.on('error', () => undefined).once('close', () => resolve()));
  return chunks.length === 0 ? null : parse(Buffer.concat(chunks).toString('latin1'));
}

function parse(text: string): SocketAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [start = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Headers();
  for (const line of lines) headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim());
  return { status: Number(start.split(' ')[1]), headers, body: text.slice(end + 4) };
}
