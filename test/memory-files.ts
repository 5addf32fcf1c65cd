import { accessSync, constants, statfsSync } from 'node:fs';

const IN_MEMORY = '/dev/shm';
/** A whole run has less than half of it at any time. */
const ROOM_BYTES = 4 * 2 ** 30;

/**
 * Lets what the tests write, above all a database for each, stay in memory where the system has room for that: it is all
 * gone at the end, and to create a database's files on a disk takes longer than most tests.
 */
export function keepFilesInMemory(): void {
  if (process.env['TMPDIR'] === undefined && hasRoom()) process.env['TMPDIR'] = IN_MEMORY;
}

function hasRoom(): boolean {
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}
