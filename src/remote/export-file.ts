import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SetupError } from '../setup-error.ts';
import { type Progress, showProgress } from './progress.ts';
import type { Ask } from './remote-server.ts';

/**
 * Writes the organizations that the server shows, as CSV. The file is there when it is whole, and not before.
 * @param path `-` is the standard output
 * @throws SetupError
 */
export async function exportFile(ask: Ask, path: string, query: URLSearchParams): Promise<void> {
  const { body } = await ask(`/exports/organizations?${query}`);
  if (body === null) throw new SetupError('The server sends no file.');
  const progress = showProgress('Lines', 0);
  const source = Readable.from(body);
  const partial = `${path}.part`;
  try {
    if (path === '-') {
      await pipeline(source, counting(progress), process.stdout, { end: false });
      return;
    }
    await pipeline(source, counting(progress), createWriteStream(partial));
    await rename(partial, path);
  } catch (cause) {
    if (path !== '-') await rm(partial, { force: true });
    throw new SetupError('The export broke off: the server stopped, or the file cannot be written.', { cause });
  } finally {
    progress.end();
  }
}

const LINE_FEED = 0x0a;

function counting(progress: Progress): Transform {
  let lines = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      for (const byte of chunk) if (byte === LINE_FEED) lines++;
      progress.show(lines);
      done(null, chunk);
    },
  });
}
