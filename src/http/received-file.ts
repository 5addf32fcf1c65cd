import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that came with a request, on disk until it is disposed of. */
export interface ReceivedFile extends AsyncDisposable {
  /** Of its bytes, in hex. */
  readonly sha256: string;
  /** From its first byte, every time. */
  read(): AsyncIterable<Uint8Array>;
}

/**
 * Takes in all of it, so that nothing hangs on how fast, or whether to its end, a client sends. The file has no name from
 * the start: with the process it is gone too.
 * @throws what the source throws when it breaks off
 */
export async function receiveFile(source: AsyncIterable<Uint8Array>): Promise<ReceivedFile> {
  const handle = await openNameless();
  try {
    const digest = createHash('sha256');
    for await (const chunk of source) {
      digest.update(chunk);
      await handle.writeFile(chunk);
    }
    return {
      sha256: digest.digest('hex'),
      read: () => handle.createReadStream({ start: 0, autoClose: false }),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `keyward-${randomUUID()}`);
  const handle = await open(path, 'wx+', 0o600);
  await unlink(path);
  return handle;
}
