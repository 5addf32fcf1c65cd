export const periodWords = { HOUR: 'hour', DAY: 'day', MONTH: 'month' } as const;
export type Period = keyof typeof periodWords;

/** For a field of dates: "2026-11-21", in UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The first instant of a day in UTC; null while the field is empty. */
export function instantOf(day: string): string | null {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** So many months after an instant, on the first day that is not before that. */
export function monthsAfter(at: number, months: number): string {
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return dayOf(date.getTime());
}
