import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { ServiceProviderId } from '../ids.ts';
import { SetupError } from '../setup-error.ts';
import type { SignedHead } from './audit-head.ts';

/** Of one root provider, to the file. */
const SHORTEST_INTERVAL_MS = 60_000;

/**
 * Signed heads, a line each, outside the database: whoever can rewrite the database cannot take these back. Several
 * processes may append to one file.
 */
export class CheckpointFile {
  readonly #path: string;
  readonly #pending = new Map<string, SignedHead>();
  readonly #writtenAt = new Map<string, number>();

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws SetupError when it cannot be written */
  static async open(path: string): Promise<CheckpointFile> {
    try {
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, (await endsInMidLine(path)) ? '\n' : '', { mode: 0o600 });
      return new CheckpointFile(path);
    } catch (cause) {
      throw new SetupError('KEYWARD_AUDIT_CHECKPOINT_FILE names a file that cannot be written.', { cause });
    }
  }

  note(head: SignedHead): void {
    this.#pending.set(head.rootProviderId, head);
  }

  /** Appends the latest head of each root whose last line is a minute old, or with `ALL` of each that has a new one. */
  async append(which: 'DUE' | 'ALL'): Promise<void> {
    const now = performance.now();
    const isDue = ({ rootProviderId }: SignedHead) =>
      now - (this.#writtenAt.get(rootProviderId) ?? Number.NEGATIVE_INFINITY) >= SHORTEST_INTERVAL_MS;
    const heads = [...this.#pending.values()].filter((head) => which === 'ALL' || isDue(head));
    if (heads.length === 0) return;
    await appendFile(this.#path, heads.map(toLine).join(''), { mode: 0o600, flush: true });
    for (const head of heads) {
      this.#writtenAt.set(head.rootProviderId, now);
      if (this.#pending.get(head.rootProviderId) === head) this.#pending.delete(head.rootProviderId);
    }
  }
}

/** A process that was killed, or a full disk, may have left half a line. */
async function endsInMidLine(path: string): Promise<boolean> {
  await using file = await open(path, 'a+', 0o600);
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
}

function toLine({ rootProviderId: root, sequence, sealedAt, signature }: SignedHead): string {
  return `${JSON.stringify({ root, sequence, sealedAt, signature })}\n`;
}

const lineForm = z.object({
  root: z.uuid(),
  sequence: z.int().positive(),
  sealedAt: z.iso.datetime(),
  signature: z.string(),
});

/** A line as it is there: nobody has looked at its signature yet. */
export interface Checkpoint {
  readonly sequence: number;
  readonly sealedAt: Date;
  readonly signature: string;
}

export interface Checkpoints {
  readonly byRoot: ReadonlyMap<ServiceProviderId, readonly Checkpoint[]>;
  /** Lines that are none: half written ones. */
  readonly unreadable: number;
  /** Lines of heads that were sealed later than was asked for. */
  readonly later: number;
}

export const NO_CHECKPOINTS: Checkpoints = { byRoot: new Map(), unreadable: 0, later: 0 };

/** More of one root than this are thinned out, so that a file of years fits into memory; the last one stays. */
const MOST_OF_A_ROOT = 1000;

/**
 * @param until leaves out what was sealed later, as a database that was restored to that time knows nothing of it
 * @throws SetupError when it cannot be read
 */
export async function readCheckpoints(path: string, until: Date | null = null): Promise<Checkpoints> {
  const byRoot = new Map<ServiceProviderId, Checkpoint[]>();
  let unreadable = 0;
  let later = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      const parsed = parseLine(line);
      if (parsed === null) {
        unreadable++;
        continue;
      }
      if (until !== null && new Date(parsed.sealedAt) > until) {
        later++;
        continue;
      }
      const root = parsed.root as ServiceProviderId; // it says so: whether there is one shows when its chain is checked
      byRoot.set(root, withOneMore(byRoot.get(root) ?? [], parsed));
    }
  } catch (cause) {
    throw new SetupError('The file of checkpoints cannot be read: check its path and its permissions.', { cause });
  }
  return { byRoot, unreadable, later };
}

function parseLine(line: string): z.infer<typeof lineForm> | null {
  try {
    return lineForm.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function withOneMore(known: Checkpoint[], { sequence, sealedAt, signature }: z.infer<typeof lineForm>): Checkpoint[] {
  const kept = known.length < MOST_OF_A_ROOT ? known : known.filter((_, index) => index % 2 === 1);
  kept.push({ sequence, sealedAt: new Date(sealedAt), signature });
  return kept;
}
