import { inspect } from 'node:util';

const MASK = '[secret]';

/** Text that must not be seen: printing, logging, serialising or inspecting it shows a mask. Only `expose()` tells. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The plain text. Call it as late as possible and pass the result to nothing that keeps it. */
  expose(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
