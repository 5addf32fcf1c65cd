import { dateOnly } from '../../../components/time.ts';

interface Day<Event> {
  /** "21 Nov 2026", in UTC. */
  readonly day: string;
  readonly events: readonly Event[];
}

/** Events that come in order of time, by the days on which they were. */
export function daysOf<Event extends { readonly at: string }>(events: readonly Event[]): readonly Day<Event>[] {
  const days = new Map<string, Event[]>();
  for (const event of events) {
    const day = dateOnly(Date.parse(event.at));
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return [...days].map(([day, ofDay]) => ({ day, events: ofDay }));
}
