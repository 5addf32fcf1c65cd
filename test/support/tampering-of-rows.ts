import { randomUUID } from 'node:crypto';
import type { BreachKind } from '../../src/audit/chain-check.ts';
import type { Random } from '../../src/seed/random.ts';
import type { ChainRow } from './audit-trail.ts';
import { gone, type IntactChain, LATER, OF_EVENT, OF_LINK, pickLink, type Tampering } from './tampering.ts';

/** Two links, the earlier first. */
function pickTwo({ links }: IntactChain, random: Random): [ChainRow, ChainRow] {
  const [one, other] = random.shuffle(links).slice(0, 2);
  if (one === undefined || other === undefined) throw new Error('too short a chain');
  return one.sequence < other.sequence ? [one, other] : [other, one];
}

const changeOf: Readonly<Record<string, readonly string[]>> = {
  at: ["at + interval '1 millisecond'", "at - interval '400 days'", "'infinity'", "'-infinity'"],
  action: ["action || ' '", "''", "'auth.logout '"],
  actor_id: ['case when actor_id is null then gen_random_uuid() end', 'gen_random_uuid()'],
  actor_name: ["actor_name || '.'", "''"],
  actor_role: ["case when actor_role is null then '' end", "coalesce(actor_role, '') || 'X'"],
  on_behalf_of: ["case when on_behalf_of is null then '' end", "'another provider'"],
  provider_path: ["'{}'", 'provider_path[1:1]', 'array[provider_path[2], provider_path[1]]', 'provider_path || id'],
  organization_id: ['case when organization_id is null then id end', 'gen_random_uuid()'],
  target: ["case when target is null then '' end", "coalesce(target, '') || 'x'"],
  result: ["case when result = 'OK' then 'FORBIDDEN' else 'OK' end", "''"],
  before: ["case when before is null then '' end", "coalesce(before, '{}') || ' '"],
  after: ["case when after is null then 'null' end", "coalesce(after, '{}') || ' '"],
  note: ["case when note is null then '' end", "coalesce(note, '') || ' '"],
  ip_address: ["case when ip_address is null then '' end", "'198.51.100.7'"],
  request_id: ["case when request_id is null then '' end", 'gen_random_uuid()'],
};

const editColumns: readonly Tampering[] = Object.entries(changeOf).map(([column, values]) => ({
  name: `${column} of an event is edited`,
  apply: async (sql, chain, random) => {
    const { sequence, event_id: eventId } = pickLink(chain, random);
    await sql(`update audit_event set ${column} = ${random.pick(values)} ${OF_EVENT}`, [chain.root, eventId]);
    return { kinds: ['EVENT_CHANGED'], sequence, eventId };
  },
}));

const editIdentity: Tampering = {
  name: 'an event is given another id or root',
  apply: async (sql, chain, random) => {
    const { sequence, event_id: eventId } = pickLink(chain, random);
    const column = random.pick(['id', 'root_provider_id']);
    await sql(`update audit_event set ${column} = gen_random_uuid() ${OF_EVENT}`, [chain.root, eventId]);
    return { kinds: ['EVENT_MISSING'], sequence, eventId };
  },
};

const deleteEvent: Tampering = {
  name: 'an event is deleted',
  apply: async (sql, chain, random) => {
    const { sequence, event_id: eventId } = pickLink(chain, random);
    await sql(`delete from audit_event ${OF_EVENT}`, [chain.root, eventId]);
    return { kinds: ['EVENT_MISSING'], sequence, eventId };
  },
};

const deleteLink: Tampering = {
  name: 'a link is deleted',
  apply: async (sql, chain, random) => {
    const link = pickLink(chain, random);
    await sql(`delete from audit_link ${OF_LINK}`, [chain.root, link.sequence]);
    return gone(chain, link);
  },
};

const deleteBoth: Tampering = {
  name: 'an event and its link are deleted',
  apply: async (sql, chain, random) => {
    const link = pickLink(chain, random);
    await sql(`delete from audit_link ${OF_LINK}`, [chain.root, link.sequence]);
    await sql(`delete from audit_event ${OF_EVENT}`, [chain.root, link.event_id]);
    return gone(chain, link);
  },
};

const swapEvents: Tampering = {
  name: 'two events change places',
  apply: async (sql, chain, random) => {
    const [one, other] = pickTwo(chain, random);
    const columns = Object.keys(changeOf);
    await sql(
      `update audit_event e set ${columns.map((column) => `${column} = o.${column}`).join(', ')} from audit_event o
       where e.root_provider_id = $1 and o.root_provider_id = $1
         and (e.id, o.id) in (($2::uuid, $3::uuid), ($3::uuid, $2::uuid))`,
      [chain.root, one.event_id, other.event_id],
    );
    return { kinds: changedAt(one, other), sequence: one.sequence, eventId: one.event_id };
  },
};

/** When the very next link is wrong too, nothing tells the event from its hash. */
function changedAt(one: ChainRow, other: ChainRow): BreachKind[] {
  return [other.sequence === one.sequence + 1 ? 'EVENT_OR_LINK_CHANGED' : 'EVENT_CHANGED'];
}

const swapLinks: Tampering = {
  name: 'two links change places, or their events or hashes do',
  apply: async (sql, chain, random) => {
    const [one, other] = pickTwo(chain, random);
    const { swapsIds, swapsHashes } = random.pick([
      { swapsIds: true, swapsHashes: true },
      { swapsIds: true, swapsHashes: false },
      { swapsIds: false, swapsHashes: true },
    ]);
    const put = (to: ChainRow, from: ChainRow) =>
      sql('insert into audit_link (root_provider_id, sequence, event_id, hash) values ($1, $2, $3, $4)', [
        chain.root,
        to.sequence,
        (swapsIds ? from : to).event_id,
        (swapsHashes ? from : to).hash,
      ]);
    await sql('delete from audit_link where root_provider_id = $1 and sequence in ($2, $3)', [
      chain.root,
      one.sequence,
      other.sequence,
    ]);
    await put(one, other);
    await put(other, one);
    return {
      kinds: ['EVENT_CHANGED', 'LINK_CHANGED', 'EVENT_OR_LINK_CHANGED'],
      sequence: one.sequence,
      eventId: (swapsIds ? other : one).event_id,
    };
  },
};

const renumber: Tampering = {
  name: 'links are renumbered',
  apply: async (sql, chain, random) => {
    const link = pickLink(chain, random);
    const { sequence } = link;
    if (random.chance(0.5)) {
      await sql(`update audit_link set sequence = $3 ${OF_LINK}`, [chain.root, sequence, chain.links.length + 7]);
      return { kinds: ['LINK_MISSING'], sequence, eventId: null };
    }
    // The gap is closed again: every later link moves up by one.
    await sql(`delete from audit_link ${OF_LINK}`, [chain.root, sequence]);
    await sql(`update audit_link set sequence = sequence + 100000 ${LATER}`, [chain.root, sequence]);
    await sql(`update audit_link set sequence = sequence - 100001 ${LATER}`, [chain.root, 100000]);
    const next = chain.links[sequence];
    if (next === undefined) return gone(chain, link);
    return { kinds: ['EVENT_CHANGED', 'EVENT_OR_LINK_CHANGED'], sequence, eventId: next.event_id };
  },
};

const linkBeforeTheFirst: Tampering = {
  name: 'an event is put before the first',
  apply: async (sql, chain, random) => {
    const eventId = random.pick(chain.waiting);
    const sequence = 0 - Math.floor(random.between(0, 1000));
    await sql('alter table audit_link drop constraint audit_link_sequence_positive');
    await sql('delete from audit_unsealed where event_id = $1', [eventId]);
    await sql(`insert into audit_link values ($1, $2, $3, sha256('x'))`, [chain.root, sequence, eventId]);
    return { kinds: ['LINK_ADDED'], sequence, eventId };
  },
};

const editHash: Tampering = {
  name: 'the hash of a link is edited',
  apply: async (sql, chain, random) => {
    const { sequence, event_id: eventId } = pickLink(chain, random);
    const bit = Math.floor(random.next() * 256);
    await sql(`update audit_link set hash = set_bit(hash, $3, 1 - get_bit(hash, $3)) ${OF_LINK}`, [
      chain.root,
      sequence,
      bit,
    ]);
    return { kinds: ['LINK_CHANGED'], sequence, eventId };
  },
};

const editLinkedEvent: Tampering = {
  name: 'a link is given another event',
  apply: async (sql, chain, random) => {
    const { sequence } = pickLink(chain, random);
    const waiting = random.pick(chain.waiting);
    const other = random.chance(0.5) ? waiting : randomUUID();
    await sql(`update audit_link set event_id = $3 ${OF_LINK}`, [chain.root, sequence, other]);
    return { kinds: [other === waiting ? 'EVENT_CHANGED' : 'EVENT_MISSING'], sequence, eventId: other };
  },
};

const moveLink: Tampering = {
  name: 'a link is given another root',
  apply: async (sql, chain, random) => {
    const link = pickLink(chain, random);
    await sql(`update audit_link set root_provider_id = gen_random_uuid() ${OF_LINK}`, [chain.root, link.sequence]);
    return gone(chain, link);
  },
};

const loseWaiting: Tampering = {
  name: 'an event is gone, or forgotten, while it waits to be sealed',
  apply: async (sql, chain, random) => {
    const eventId = random.pick(chain.waiting);
    if (random.chance(0.5)) {
      await sql(`delete from audit_event ${OF_EVENT}`, [chain.root, eventId]);
      return { kinds: ['WAITING_EVENT_MISSING'], sequence: null, eventId };
    }
    await sql('delete from audit_unsealed where root_provider_id = $1 and event_id = $2', [chain.root, eventId]);
    return { kinds: ['EVENT_IN_NO_CHAIN'], sequence: null, eventId };
  },
};

/** What a superuser may do to single rows, or to two of them. */
export const tamperingsOfRows: readonly Tampering[] = [
  ...editColumns,
  editIdentity,
  deleteEvent,
  deleteLink,
  deleteBoth,
  swapEvents,
  swapLinks,
  renumber,
  linkBeforeTheFirst,
  editHash,
  editLinkedEvent,
  moveLink,
  loseWaiting,
];
