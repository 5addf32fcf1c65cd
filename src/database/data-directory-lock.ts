import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from '../setup-error.ts';

export interface DataDirectoryLock {
  release(): Promise<void>;
}

/** What tells a process from a later one that got the same id (ids repeat soon in a container); null: not running. */
function processIdentity(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // from field 3 on; 22 is the start time
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return fields[0] === 'Z' ? null : `${boot} ${fields[19] ?? ''}`;
    } catch {
      return null;
    }
  }
  const started = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return started.status === 0 ? started.stdout.trim() : null;
}

async function readContent(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}

function livePid(content: string): number | null {
  const [pidText = '', identity] = content.split('\n');
  const pid = Number(pidText);
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  return processIdentity(pid) === identity ? pid : null;
}

/** The file appears with its content in one step: nobody ever reads half of it. False when it exists already. */
async function createWhole(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content, { mode: 0o644 });
  try {
    await link(draft, file);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw cause;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the file when it still has that content; somebody else may have replaced it since it was read. */
async function removeWith(content: string, file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return; // it is gone
  }
  if ((await readContent(aside)) !== content) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/**
 * Keeps other Keyward processes out of the directory until released or until this process ends, however it ends.
 * @throws SetupError when a live process has it
 */
export async function lockDataDirectory(dataDir: string): Promise<DataDirectoryLock> {
  const file = join(dataDir, 'keyward.pid');
  const ours = `${process.pid}\n${processIdentity(process.pid) ?? ''}\n`;
  while (!(await createWhole(file, ours))) {
    const found = await readContent(file);
    if (found === null) continue;
    const pid = livePid(found);
    if (pid !== null) {
      throw new SetupError(
        `Another Keyward (process ${pid}) uses ${dataDir}: stop it first, or choose another data directory.`,
      );
    }
    await removeWith(found, file);
  }
  return { release: () => removeWith(ours, file) };
}

/** Whether a live process holds the directory. */
export async function isDataDirectoryLocked(dataDir: string): Promise<boolean> {
  const content = await readContent(join(dataDir, 'keyward.pid'));
  return content !== null && livePid(content) !== null;
}
