import type { Event } from './event.ts';

/** An event with its place in a feed. */
export interface FedEvent {
  readonly place: number;
  readonly event: Event;
}

/** The latest events as one scope sees them, for all who listen with it: in the order in which they were sealed. */
export class EventFeed {
  /** Behind the last event that was fed. */
  end = 0;
  readonly #longest: number;
  #kept: FedEvent[] = [];

  /** @param longest how many are kept for whoever is slow */
  constructor(longest: number) {
    this.#longest = longest;
  }

  add(events: readonly Event[]): void {
    for (const event of events) this.#kept.push({ place: this.end++, event });
    if (this.#kept.length > this.#longest) this.#kept = this.#kept.slice(-this.#longest);
  }

  /** Some that nobody looked at have come and gone: whoever still listens is told so. */
  skip(): void {
    this.#kept = [];
    this.end++;
  }

  /** @returns those from a place on, and whether any of those is not kept any more */
  from(place: number): { readonly events: readonly Event[]; readonly hasMissed: boolean } {
    const first = this.end - this.#kept.length;
    const fed = this.#kept.slice(Math.max(place - first, 0));
    return { events: fed.map(({ event }) => event), hasMissed: place < first };
  }
}
