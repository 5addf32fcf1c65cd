/**
 * Whether the counter's window is of the period that holds now: what an older one has counted is over (`standingAt`).
 * @param now a timestamptz; `c` is the counter
 * @param subscription alias of the current one
 */
export function isOfThisPeriod(now: string, subscription: string): string {
  const unit = `lower(${subscription}.threshold_period::text)`;
  return `c.window_start >= date_trunc(${unit}, greatest(${now}, c.window_start), 'UTC')`;
}
