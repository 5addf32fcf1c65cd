// A lock between processes: a directory that holds its owner's pid, and that is void once the owner is dead.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from './run.mjs';

const pollMs = 100;
const longestWaitMs = 15 * 60 * 1000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function ownerOf(lock) {
  try {
    return Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch {
    return null;
  }
}

/** The directory appears with its pid inside in one step, so that no lock without an owner is ever seen. */
function tryTake(lock) {
  const draft = mkdtempSync(`${lock}-`);
  writeFileSync(join(draft, 'pid'), String(process.pid));
  try {
    renameSync(draft, lock);
    return true;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error;
    return false;
  }
}

/** Moves a dead owner's lock aside; when it was another's fresh one after all, puts it back. */
function discard(lock, deadOwner) {
  const aside = join(dirname(lock), `${basename(lock)}-dead-${process.pid}`);
  try {
    renameSync(lock, aside);
    if (ownerOf(aside) === deadOwner) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, lock);
  } catch {
    // Somebody else was faster: the next round sees what is there now.
  }
}

async function take(lock) {
  const deadline = Date.now() + longestWaitMs;
  let announced = false;
  while (!tryTake(lock)) {
    const owner = ownerOf(lock);
    if (owner === null) continue;
    if (!isAlive(owner)) {
      discard(lock, owner);
      continue;
    }
    if (Date.now() > deadline) fail(`process ${owner} does not finish its build: end it, or delete ${lock}.`);
    if (!announced) process.stderr.write(`Waiting for process ${owner}, which installs or builds ...\n`);
    announced = true;
    await sleep(pollMs);
  }
}

/** Runs `work` while no other process runs its own under the same lock. */
export async function withLock(lock, work) {
  try {
    mkdirSync(dirname(lock), { recursive: true });
    await take(lock);
  } catch (error) {
    fail(`cannot write in ${dirname(lock)} (${error.code}): run this as the owner of that folder.`);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
