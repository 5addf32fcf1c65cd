import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Which files below these folders hold one of the texts, byte for byte. */
export async function filesThatHold(folders: readonly string[], texts: readonly string[]) {
  const holding: string[] = [];
  let [files, bytes] = [0, 0];
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const content = await readFile(path);
      files++;
      bytes += content.length;
      if (texts.some((text) => content.includes(text))) holding.push(path);
    }
  }
  return { holding, files, bytes };
}
