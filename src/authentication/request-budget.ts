import type { Database } from '../database/database.ts';
import { RateLimitedError } from '../errors.ts';

const WINDOW_MS = 60_000;
const TELL_EVERY_MS = 1000;

/** Of one actor's requests. */
interface Window {
  /** At all processes, as far as is known here. */
  spent: number;
  /** Of them, those that the others do not know of yet. */
  untold: number;
  endsAtMs: number;
}

const TELL = `/* request_budget.tell */
  insert into rate_limit (key, points, expire)
  select 'request_budget:' || actor, spent, ends from unnest($1::text[], $2::int[], $3::bigint[]) as told (actor, spent, ends)
  order by actor
  on conflict (key) do update set
    points = excluded.points + case when rate_limit.expire <= $4 then 0 else rate_limit.points end,
    expire = case when rate_limit.expire <= $4 then excluded.expire else rate_limit.expire end
  returning split_part(key, ':', 2) as actor, points, expire`;

/**
 * How many requests each actor may send in a minute, at whichever processes of the database: each counts what comes to it,
 * and learns once a second of what came to the others. While the database is away each goes by what it knows.
 */
export class RequestBudget {
  readonly #pool: Database['pool'];
  readonly #perMinute: number;
  readonly #windows = new Map<string, Window>();
  #telling: NodeJS.Timeout | null = null;

  constructor({ pool }: Pick<Database, 'pool'>, requestsPerMinute: number) {
    this.#pool = pool;
    this.#perMinute = requestsPerMinute;
  }

  /** @throws RateLimitedError */
  take(actor: string, now: Date): void {
    const window = this.#windowOf(actor, now.getTime());
    window.spent += 1;
    window.untold += 1;
    this.#telling ??= setTimeout(() => void this.#tellOnce(), TELL_EVERY_MS).unref();
    if (window.spent <= this.#perMinute) return;
    const seconds = Math.max(1, Math.ceil((window.endsAtMs - now.getTime()) / 1000));
    throw new RateLimitedError(
      `You have sent more than ${this.#perMinute} requests in a minute. Wait ${seconds} s, then send fewer.`,
      seconds,
    );
  }

  #windowOf(actor: string, nowMs: number): Window {
    const known = this.#windows.get(actor);
    if (known !== undefined && known.endsAtMs > nowMs) return known;
    const window = { spent: 0, untold: 0, endsAtMs: nowMs + WINDOW_MS };
    this.#windows.set(actor, window);
    return window;
  }

  /** The next time begins when this one has ended: nothing is told twice. What the database did not hear is told later. */
  async #tellOnce(): Promise<void> {
    await this.#tell().catch(() => undefined);
    this.#telling = null;
  }

  /** @throws Error while the database is away */
  async #tell(): Promise<void> {
    const nowMs = Date.now();
    for (const [actor, { endsAtMs }] of this.#windows) if (endsAtMs <= nowMs) this.#windows.delete(actor);
    const news = [...this.#windows].filter(([, { untold }]) => untold > 0);
    if (news.length === 0) return;
    const told = news.map(([, window]) => ({ window, untold: window.untold }));
    const columns = [
      news.map(([actor]) => actor),
      told.map(({ untold }) => untold),
      told.map(({ window }) => window.endsAtMs),
    ];
    const { rows } = await this.#pool.query<{ actor: string; points: number; expire: string }>(TELL, [
      ...columns,
      nowMs,
    ]);
    for (const { window, untold } of told) window.untold -= untold;
    for (const { actor, points, expire } of rows) {
      const window = this.#windows.get(actor);
      if (window === undefined) continue;
      window.spent = points + window.untold;
      window.endsAtMs = Number(expire);
    }
  }
}
