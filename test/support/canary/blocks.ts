import { createReadStream } from 'node:fs';

const BLOCK_BYTES = 64 * 1024 * 1024;
/** No secret is longer, in whichever form. */
const OVERLAP_BYTES = 64 * 1024;

/** A run of half an hour writes more than fits into one buffer: in blocks, each after the end of the one before. */
export async function* blocksOf(
  file: string,
  blockBytes = BLOCK_BYTES,
  overlapBytes = OVERLAP_BYTES,
): AsyncGenerator<Buffer> {
  const chunks: AsyncIterable<Buffer> = createReadStream(file, { highWaterMark: blockBytes });
  let end = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const block = Buffer.concat([end, chunk]);
    yield block;
    end = block.subarray(-overlapBytes);
  }
}
