import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

// What a test run leaves behind, for the search at its end: what was written to each place where no secret may be, and the
// secrets themselves. Each process appends to files of its own.

/** Where it is kept; undefined outside of a test run. */
export const CANARY_DIRECTORY = 'KEYWARD_TEST_CANARY_DIRECTORY';

const LARGEST_BUFFER = 64 * 1024;

class Keeper {
  readonly #buffers = new Map<string, string[]>();
  readonly #sizes = new Map<string, number>();

  keep(file: string, text: string): void {
    if (process.env[CANARY_DIRECTORY] === undefined) return;
    const buffer = this.#buffers.get(file) ?? [];
    this.#buffers.set(file, buffer);
    buffer.push(text, '\n');
    const size = (this.#sizes.get(file) ?? 0) + text.length;
    this.#sizes.set(file, size);
    if (size > LARGEST_BUFFER) this.#write(file, buffer);
  }

  flush(): void {
    for (const [file, buffer] of this.#buffers) this.#write(file, buffer);
  }

  #write(file: string, buffer: string[]): void {
    const directory = process.env[CANARY_DIRECTORY];
    if (directory !== undefined && buffer.length > 0) appendFileSync(join(directory, file), buffer.join(''));
    buffer.length = 0;
    this.#sizes.set(file, 0);
  }
}

const keeper = new Keeper();
process.on('exit', () => keeper.flush());

/** Something that was written down where no secret may stand. @param place as a failure names it: `log`, `table audit_event` */
export function keepForSearch(place: string, text: string): void {
  keeper.keep(`place ${place} ${process.pid}`, text);
}

const SHORTEST = 12;
const known = new Set<string>();

/** A key string, password, token or secret that this run has made: it is looked for everywhere. */
export function keepSecret(secret: string): void {
  if (secret.length < SHORTEST || known.has(secret)) return;
  known.add(secret);
  keeper.keep(`secrets ${process.pid}`, JSON.stringify(secret));
}

/** So that nothing is lost when the process is ended from outside. */
export function flushCanary(): void {
  keeper.flush();
}
