import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = new URL('../..', import.meta.url).pathname;

/** This version as it is built, with more migrations; what it would be started by. */
export interface NextVersion extends AsyncDisposable {
  readonly program: string;
}

/** @param migrations by their names, which come after all of ours */
export async function makeNextVersion(migrations: Readonly<Record<string, string>>): Promise<NextVersion> {
  const folder = await mkdtemp(join(tmpdir(), 'keyward-next-'));
  for (const part of ['package.json', 'dist', 'prisma']) {
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, sql] of Object.entries(migrations)) {
    const migration = join(folder, 'prisma', 'migrations', name);
    await mkdir(migration);
    await writeFile(join(migration, 'migration.sql'), sql);
  }
  return {
    program: join(folder, 'dist', 'cli.js'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
