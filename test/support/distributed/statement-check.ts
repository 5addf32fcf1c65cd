import pg from 'pg';
import { explain, LED, parameterTypes, type Reach, type Sample } from './explained.ts';
import { type Functions, refusedExpressions } from './refused-expressions.ts';
import { SHARDS } from './stand-in-database.ts';

/** Whoever may see everything of every table but one, of which only one tenant. */
const PINNED = 'citus_stand_in_pinned';

/** How a statement would go on a cluster. */
export interface Verdict {
  readonly name: string;
  readonly text: string;
  /** `ALL`: to every machine. `ALL_FOR_PLATFORM`: to every machine when it is asked for no tenant. */
  readonly reach: 'NONE' | 'ONE' | 'ALL_FOR_PLATFORM' | 'ALL';
  /** Tenant tables that it reads or writes. */
  readonly tables: readonly string[];
  /** What Citus would refuse. */
  readonly refusals: readonly string[];
}

export class StatementCheck implements AsyncDisposable {
  readonly #client: pg.Client;
  readonly #tenants: readonly string[];
  readonly #enums: ReadonlyMap<string, string>;
  readonly #tables: ReadonlyMap<string, string>;
  readonly #functions: Functions;

  private constructor(client: pg.Client, facts: Facts) {
    this.#client = client;
    this.#tenants = facts.tenants;
    this.#enums = facts.enums;
    this.#tables = facts.tables;
    this.#functions = facts.functions;
  }

  /** @param ownerUrl of a database whose tables are distributed over what stands in for Citus; of a superuser */
  static async open(ownerUrl: string): Promise<StatementCheck> {
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    await client.query(
      `do $$ begin create role ${PINNED}; exception when duplicate_object or unique_violation then null; end $$`,
    );
    await client.query(`grant all on all tables in schema public to ${PINNED}`);
    await client.query('set plan_cache_mode = force_custom_plan; set check_function_bodies = on');
    return new StatementCheck(client, await readFacts(client));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }

  async check({ name, text }: { readonly name: string; readonly text: string }): Promise<Verdict> {
    await this.#client.query('begin');
    try {
      await this.#client.query('set local role keyward_runtime');
      const asked = await this.#explain(text, this.#samples());
      const tables = [...asked.shards.keys()];
      if (tables.length === 0) return { name, text, reach: 'NONE', tables, refusals: [] };
      const mayBeNull = [...text.matchAll(/\$(\d+)(::uuid)? is null/g)].map(([, number]) => Number(number));
      const unasked: Reach[] = [];
      for (const left of mayBeNull) unasked.push(await this.#explain(text, this.#samples(left)));
      const isOne = this.#isOne(asked);
      await this.#client.query('reset role');
      const isOneUnasked = unasked.every((each) => narrowed(asked, each));
      const locks = asked.locksRows && !isOne;
      const refusals = [
        ...(await this.#refusedExpressions(text)),
        ...(locks ? ['could not run distributed query with FOR UPDATE/SHARE commands'] : []),
        ...asked.local.map((table) => `${table} stays on the coordinator, and is read together with ${tables[0]}`),
        ...(isOne ? [] : await this.#apart(text, asked)),
      ];
      const reach = isOne ? (isOneUnasked ? 'ONE' : 'ALL_FOR_PLATFORM') : 'ALL';
      return { name, text, reach, tables: tables.sort(), refusals };
    } catch (cause) {
      throw new Error(`${name} cannot be planned`, { cause });
    } finally {
      await this.#client.query('rollback');
      await this.#client.query('deallocate all');
    }
  }

  #explain(text: string, sample: Sample): Promise<Reach> {
    return explain(this.#client, text, sample);
  }

  /** Whether everything lies in one shard, which is the same of all tables. */
  #isOne({ shards }: Reach): boolean {
    const all = new Set(
      [...shards.values()].flatMap((each) => [...each]).filter((shard) => shard !== 'none' && shard !== LED),
    );
    const ofUuid = (shard: string) => {
      const index = this.#tenants.indexOf(shard);
      return index === -1 ? shard : String(102_008 + index);
    };
    const places = new Set([...all].map(ofUuid));
    const copied = [...places].filter((place) => place.startsWith('any: '));
    for (const place of copied)
      if (/[.]root_provider_id$/.test(place) && places.size > copied.length) places.delete(place);
    return places.size <= 1 && ![...places].some((place) => place.startsWith('any: '));
  }

  /** Each parameter that may be a tenant's id is the id of another tenant, in another shard. @param left is null */
  #samples(left?: number): Sample {
    let next = 0;
    const tenant = () => this.#tenants[next++ % SHARDS] ?? '';
    return (type, number) => {
      if (number === left) return `null::${type}`;
      if (type === 'uuid') return `'${tenant()}'`;
      if (type === 'uuid[]') return `'{${tenant()},${tenant()}}'`;
      const isArray = type.endsWith('[]');
      const one = this.#sampleOf(type.replace('[]', ''));
      return isArray ? `array['${one}']::${type}` : `'${one}'::${type}`;
    };
  }

  #sampleOf(type: string): string {
    const ofType: Readonly<Record<string, string>> = {
      text: 'x',
      boolean: 'true',
      jsonb: '{}',
      bytea: '\\x00',
      interval: '1 day',
      'timestamp with time zone': '2026-11-21T00:00:00Z',
    };
    return this.#enums.get(type) ?? ofType[type] ?? '1';
  }

  async #refusedExpressions(text: string): Promise<string[]> {
    await this.#client.query(`prepare explained as ${text}`);
    const types = await parameterTypes(this.#client);
    await this.#client.query('deallocate explained');
    await this.#client.query(
      `create function citus_stand_in.parsed(${types.join(', ')}) returns void language sql begin atomic ${text}; end`,
    );
    const { rows } = await this.#client.query<{ body: string }>(
      `select prosqlbody::text as body from pg_proc where proname = 'parsed' and pronamespace = 'citus_stand_in'::regnamespace`,
    );
    return refusedExpressions(rows[0]?.body ?? '', this.#functions, (oid) => this.#tables.has(oid));
  }

  /**
   * Where only one tenant of one table is to be seen, only that tenant's shard of the others is looked into, if the others are
   * joined by the tenant. What is not so joined would have to be carried from machine to machine.
   */
  async #apart(text: string, reach: Reach): Promise<string[]> {
    const wide = [...reach.shards]
      .filter(([, shards]) => [...shards].filter(isKnown).length > 1)
      .map(([table]) => table);
    const [first, ...others] = wide;
    if (first === undefined || others.length === 0) return [];
    for (const table of reach.shards.keys()) {
      const seen = table === first ? `root_provider_id = '${this.#tenants[0]}'` : 'true';
      await this.#client.query(`create policy ${PINNED} on ${table} to ${PINNED} using (${seen})`);
    }
    await this.#client.query(`set local role ${PINNED}`);
    const { shards } = await this.#explain(text, this.#samples());
    await this.#client.query('reset role');
    const apart = others.filter(
      (table) => [...(shards.get(table) ?? [])].filter((shard) => !shard.startsWith('any')).length > 1,
    );
    return apart.map((table) => `${table} is not joined with ${first} by the tenant`);
  }
}

/** Whether no table that was looked into at one tenant is looked into at all of them when no tenant is given. */
function narrowed(asked: Reach, unasked: Reach): boolean {
  return [...unasked.shards].every(
    ([table, shards]) => ![...(asked.shards.get(table) ?? [])].some(isKnown) || [...shards].filter(isKnown).length <= 1,
  );
}

const isKnown = (shard: string) => /^1020\d\d$/.test(shard);

interface Facts {
  readonly tenants: readonly string[];
  readonly enums: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, string>;
  readonly functions: Functions;
}

async function readFacts(client: pg.Client): Promise<Facts> {
  const pairs = async (sql: string) => {
    const { rows } = await client.query<{ key: string; value: string }>(sql);
    return new Map(rows.map(({ key, value }) => [key, value]));
  };
  const tenants = await pairs(
    `select distinct on (remainder) remainder::text as key, id::text as value
     from generate_series(1, 200) n, lateral (select md5(n::text)::uuid as id) i, generate_series(0, ${SHARDS - 1}) remainder
     where satisfies_hash_partition('organization'::regclass, ${SHARDS}, remainder, id) order by remainder, n`,
  );
  const conversions = await pairs(
    `select oid::text as key, typinput::oid || ',' || typoutput::oid as value from pg_type`,
  );
  return {
    tenants: [...tenants.values()],
    enums: await pairs(
      `select enumtypid::regtype::text as key, min(enumlabel) as value from pg_enum group by enumtypid`,
    ),
    tables: await pairs(
      `select table_name::oid::text as key, table_name::text as value from citus_tables where citus_table_type = 'distributed'`,
    ),
    functions: {
      volatility: await pairs('select oid::text as key, provolatile as value from pg_proc'),
      conversions: new Map([...conversions].map(([type, pair]) => [type, pair.split(',')])),
      operators: await pairs('select oid::text as key, oprcode::oid::text as value from pg_operator'),
    },
  };
}
