import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blocksOf } from '../../support/canary/blocks.ts';
import { temporaryDirectory } from '../../support/keyward-process.ts';

test('whatever is no longer than the overlap stands whole in some block, wherever it is', async () => {
  await using folder = await temporaryDirectory();
  const file = join(folder.path, 'place');
  for (let before = 0; before < 40; before++) {
    await writeFile(file, `${'.'.repeat(before)}secret${'.'.repeat(40 - before)}`);
    const blocks: string[] = [];
    for await (const block of blocksOf(file, 16, 6)) blocks.push(String(block));
    expect(blocks.some((block) => block.includes('secret'))).toBe(true);
    expect(blocks.length).toBeGreaterThan(2);
  }
});
