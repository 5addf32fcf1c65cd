const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];
const relative = new Intl.RelativeTimeFormat('en');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const numbers = new Intl.NumberFormat('en');

/** "3 days ago", "in 2 months", "now". Never "last year", which is of the calendar, and this is not. */
export function relativeTime(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000);
  const unit = units.find(([, length]) => Math.abs(seconds) >= length);
  return unit === undefined ? 'now' : relative.format(Math.trunc(seconds / unit[1]), unit[0]);
}

/** "2026-11-21 08:50:21 UTC". */
export function exactTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** "21 Nov 2026", in UTC. */
export function dateOnly(at: number): string {
  const date = new Date(at);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** What the API says, with its times as they are told here. */
export function withReadableTimes(message: string): string {
  return message.replace(INSTANT, (instant) => exactTime(Date.parse(instant)).replace(/:00 UTC$/, ' UTC'));
}

/** "1,234". */
export function wholeNumber(value: number): string {
  return numbers.format(value);
}

/** "90 minutes", "4 hours". */
export function minutesInWords(minutes: number): string {
  return minutes > 0 && minutes % 60 === 0 ? plural(minutes / 60, 'hour') : plural(minutes, 'minute');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${wholeNumber(count)} ${count === 1 ? one : many}`;
}
