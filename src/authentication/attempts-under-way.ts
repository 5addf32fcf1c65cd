import type { Database } from '../database/database.ts';

/** After that all is forgotten, also what a killed process had under way; hardly any attempt is under way at its very end (ADR 45). */
const WINDOW_MS = 30_000;

/** The rows come in the order of the keys, and are locked in it. */
const CHANGE = `/* attempts_under_way.change */
  insert into rate_limit (key, points, expire)
  select 'under_way:' || name, greatest(0, $2::int), $3::bigint + $4 from unnest($1::text[]) with ordinality as k (name, n) order by n
  on conflict (key) do update set
    points = greatest(0, $2 + case when rate_limit.expire <= $3 then 0 else rate_limit.points end),
    expire = case when rate_limit.expire <= $3 then excluded.expire else rate_limit.expire end
  returning points`;

/** How many attempts of a kind are under way in all processes together. */
export class AttemptsUnderWay {
  readonly #pool: Database['pool'];

  constructor({ pool }: Pick<Database, 'pool'>) {
    this.#pool = pool;
  }

  /** @param keys those that have others in common first. @returns how many others there are of each */
  async enter(keys: readonly string[]): Promise<number[]> {
    return (await this.#change(keys, 1)).map((points) => points - 1);
  }

  async leave(keys: readonly string[]): Promise<void> {
    await this.#change(keys, -1);
  }

  async #change(keys: readonly string[], by: 1 | -1): Promise<number[]> {
    const { rows } = await this.#pool.query<{ points: number }>(CHANGE, [keys, by, Date.now(), WINDOW_MS]);
    return rows.map(({ points }) => points);
  }
}
