import type pg from 'pg';
import type { SignedHead } from '../../src/audit/audit-head.ts';
import type { BreachKind } from '../../src/audit/chain-check.ts';
import type { Random } from '../../src/seed/random.ts';
import type { ChainRow } from './audit-trail.ts';

/** A sealed chain as it was before anybody touched it. */
export interface IntactChain {
  readonly root: string;
  readonly links: readonly ChainRow[];
  readonly heads: readonly SignedHead[];
  /** Sequences of the checkpoints kept outside the database. */
  readonly checkpoints: readonly number[];
  /** Ids of events that wait to be sealed. */
  readonly waiting: readonly string[];
}

/** What `keyward audit verify` must say about the root. */
export interface Expected {
  readonly kinds: readonly BreachKind[];
  readonly sequence?: number | null;
  readonly eventId?: string | null;
  /** The breach is of the signing key, and of chains only as far as it signed them. */
  readonly ofKey?: boolean;
}

export type Sql = (text: string, values?: readonly unknown[]) => Promise<pg.QueryResult<pg.QueryResultRow>>;

export interface Tampering {
  readonly name: string;
  /** Done as a superuser, in an open transaction. */
  apply(sql: Sql, chain: IntactChain, random: Random): Promise<Expected>;
}

export const OF_LINK = 'where root_provider_id = $1 and sequence = $2';
export const OF_EVENT = 'where root_provider_id = $1 and id = $2';
export const LATER = 'where root_provider_id = $1 and sequence > $2';

export function pickLink({ links }: IntactChain, random: Random): ChainRow {
  return random.pick(links);
}

/** A link that is not there is a hole; at the end it is the chain that was cut. */
export function gone({ links }: IntactChain, { sequence }: ChainRow): Expected {
  return { kinds: [sequence === links.length ? 'TAIL_CUT' : 'LINK_MISSING'], sequence, eventId: null };
}
