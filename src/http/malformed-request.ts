import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode } from '../errors.ts';
import { newId } from '../ids.ts';

interface Refusal {
  readonly status: number;
  readonly message: string;
}

const NO_HTTP: Refusal = { status: 400, message: 'The request is malformed.' };
const refusals: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request did not come to its end in time.' },
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The headers are too large.' },
};

/** For what never becomes a request, so that there is a socket and nothing else to answer with. */
export function answerMalformed(
  headers: ReadonlyMap<string, string>,
): (error: { readonly code?: string | undefined }, socket: Socket) => void {
  return ({ code = '' }, socket) => {
    if (code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { status, message } = refusals[code] ?? NO_HTTP;
    const body = bodyOf(message);
    const lines = [
      ...headers,
      ['x-request-id', newId<'Request'>()],
      ['content-type', 'application/json; charset=utf-8'],
      ['content-length', String(Buffer.byteLength(body))],
      ['connection', 'close'],
    ].map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  };
}

function bodyOf(message: string): string {
  const code: ErrorCode = 'VALIDATION_FAILED';
  return JSON.stringify({ code, message, errors: [{ message, extensions: { code } }] });
}
