/** In the years 1 to 9999, UTC: PostgreSQL keeps more, but others read otherwise in an answer than in a cursor or a statement. */
export function isInstant(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999;
}
