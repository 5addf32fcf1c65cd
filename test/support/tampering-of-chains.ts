import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { chainedEventColumns } from '../../src/audit/audit-chain.sql.ts';
import { type ChainedEvent, nextHash } from '../../src/audit/audit-chain.ts';
import { type SignedHead, signHead } from '../../src/audit/audit-head.ts';
import type { BreachKind } from '../../src/audit/chain-check.ts';
import type { Random } from '../../src/seed/random.ts';
import { type Expected, type IntactChain, LATER, OF_EVENT, OF_LINK, type Sql, type Tampering } from './tampering.ts';

/** How many links are left: at least one is gone and one stays. */
function pickLength({ links }: IntactChain, random: Random): number {
  return 1 + Math.floor(random.next() * (links.length - 1));
}

const truncateEvents: Tampering = {
  name: 'the last events are deleted',
  apply: async (sql, chain, random) => {
    const length = pickLength(chain, random);
    await deleteEventsAfter(sql, chain, length);
    return { kinds: ['EVENT_MISSING'], sequence: length + 1, eventId: chain.links[length]?.event_id ?? null };
  },
};

async function deleteEventsAfter(sql: Sql, { root, links }: IntactChain, length: number): Promise<void> {
  const ids = links.slice(length).map((link) => link.event_id);
  await sql('delete from audit_event where root_provider_id = $1 and id = any ($2::uuid[])', [root, ids]);
}

async function deleteTailAfter(sql: Sql, chain: IntactChain, length: number): Promise<void> {
  await deleteEventsAfter(sql, chain, length);
  await sql(`delete from audit_link ${LATER}`, [chain.root, length]);
}

const truncate: Tampering = {
  name: 'the last events and links are deleted',
  apply: async (sql, chain, random) => {
    const length = pickLength(chain, random);
    await deleteTailAfter(sql, chain, length);
    return { kinds: ['TAIL_CUT'], sequence: length + 1, eventId: null };
  },
};

const truncateAndWait: Tampering = {
  name: 'the last links are deleted and their events wait again',
  apply: async (sql, chain, random) => {
    const length = pickLength(chain, random);
    await sql(`insert into audit_unsealed select root_provider_id, event_id from audit_link ${LATER}`, [
      chain.root,
      length,
    ]);
    await sql(`delete from audit_link ${LATER}`, [chain.root, length]);
    return { kinds: ['TAIL_CUT'], sequence: length + 1, eventId: null };
  },
};

/** What is cut off after the last checkpoint is only found because nobody can sign the new end. */
function cut({ checkpoints }: IntactChain, length: number, otherwise: BreachKind): Expected {
  const isSeen = checkpoints.some((sequence) => sequence > length);
  return isSeen ? { kinds: ['TAIL_CUT'], sequence: length + 1, eventId: null } : { kinds: [otherwise], sequence: null };
}

const truncateWithHead: Tampering = {
  name: 'the tail is deleted and the head set back',
  apply: async (sql, chain, random) => {
    const length = pickLength(chain, random);
    await deleteTailAfter(sql, chain, length);
    const isUnsigned = random.chance(0.5);
    const signature = isUnsigned ? 'null' : 'signature';
    await sql(`update audit_chain set sequence = $2, hash = $3, signature = ${signature} where root_provider_id = $1`, [
      chain.root,
      length,
      chain.links[length - 1]?.hash,
    ]);
    return cut(chain, length, isUnsigned ? 'HEAD_UNSIGNED' : 'HEAD_CHANGED');
  },
};

const truncateToOlderHead: Tampering = {
  name: 'the tail is deleted and an older signed head put back',
  apply: async (sql, chain, random) => {
    const last = Math.max(...chain.checkpoints);
    const head = random.pick(chain.heads.filter(({ sequence }) => sequence < last));
    await deleteTailAfter(sql, chain, head.sequence);
    await putHead(sql, head);
    return { kinds: ['TAIL_CUT'], sequence: head.sequence + 1, eventId: null };
  },
};

async function putHead(sql: Sql, { rootProviderId, sequence, hash, sealedAt, signature }: SignedHead): Promise<void> {
  await sql(
    'update audit_chain set sequence = $2, hash = $3, sealed_at = $4, signature = $5 where root_provider_id = $1',
    [rootProviderId, sequence, hash, sealedAt, signature],
  );
}

const replayHead: Tampering = {
  name: 'an older signed head is put back',
  apply: async (sql, chain, random) => {
    const head = random.pick(chain.heads.slice(0, -1));
    await putHead(sql, head);
    return { kinds: ['LINK_BEYOND_HEAD'], sequence: head.sequence + 1 };
  },
};

async function hashAgainFrom(sql: Sql, { root, links }: IntactChain, first: number, previous: Buffer): Promise<Buffer> {
  let hash = previous;
  for (const { sequence, event_id: id } of links.slice(first - 1)) {
    const { rows } = await sql(
      `select ${chainedEventColumns} from audit_event e where e.root_provider_id = $1 and e.id = $2`,
      [root, id],
    );
    hash = nextHash(hash, rows[0] as ChainedEvent);
    await sql(`update audit_link set hash = $3 ${OF_LINK}`, [root, sequence, hash]);
  }
  return hash;
}

const rewrite: Tampering = {
  name: 'an event is edited and the chain hashed anew from there',
  apply: async (sql, chain, random) => {
    const { sequence, event_id: id } = random.pick(chain.links.slice(1));
    await sql(`update audit_event set note = 'never happened' ${OF_EVENT}`, [chain.root, id]);
    const hash = await hashAgainFrom(sql, chain, sequence, chain.links[sequence - 2]?.hash ?? Buffer.alloc(0));
    const isUnsigned = random.chance(0.5);
    const signature = isUnsigned ? 'null' : 'signature';
    await sql(`update audit_chain set hash = $2, signature = ${signature} where root_provider_id = $1`, [
      chain.root,
      hash,
    ]);
    const witness = chain.checkpoints.find((checkpoint) => checkpoint >= sequence);
    if (witness === undefined) return { kinds: [isUnsigned ? 'HEAD_UNSIGNED' : 'HEAD_CHANGED'], sequence: null };
    return { kinds: ['CHECKPOINT_NOT_IN_CHAIN'], sequence: witness };
  },
};

const insertForeign: Tampering = {
  name: 'an event is inserted',
  apply: async (sql, chain, random) => {
    const id = randomUUID();
    await insertEvent(sql, chain.root, id);
    if (random.chance(0.4)) return { kinds: ['EVENT_IN_NO_CHAIN'], sequence: null, eventId: id };
    const sequence = chain.links.length + 1;
    const last = chain.links.at(-1)?.hash ?? Buffer.alloc(32);
    await sql('insert into audit_link values ($1, $2, $3, $4)', [chain.root, sequence, id, last]);
    if (random.chance(0.5)) return { kinds: ['LINK_BEYOND_HEAD'], sequence };
    const { rows } = await sql(`select ${chainedEventColumns} from audit_event e where e.id = $1`, [id]);
    const hash = nextHash(last, rows[0] as ChainedEvent);
    await sql(`update audit_link set hash = $3 ${OF_LINK}`, [chain.root, sequence, hash]);
    if (random.chance(0.3)) return { kinds: ['LINK_BEYOND_HEAD'], sequence };
    await sql('update audit_chain set sequence = $2, hash = $3 where root_provider_id = $1', [
      chain.root,
      sequence,
      hash,
    ]);
    return { kinds: ['HEAD_CHANGED'], sequence: null };
  },
};

async function insertEvent(sql: Sql, root: string, id: string): Promise<void> {
  await sql(
    `insert into audit_event (root_provider_id, id, at, action, actor_name, provider_path, result)
     values ($1, $2, now(), 'auth.login', 'Nobody', array[$1::uuid], 'OK')`,
    [root, id],
  );
}

const deleteChain: Tampering = {
  name: 'a whole chain is deleted',
  apply: async (sql, chain, random) => {
    const { root } = chain;
    const events = random.pick(['DELETED', 'WAITING', 'LEFT']);
    if (events === 'DELETED') await sql('delete from audit_event where root_provider_id = $1', [root]);
    if (events === 'WAITING') {
      const unsealed = 'insert into audit_unsealed select root_provider_id, event_id from audit_link';
      await sql(`${unsealed} where root_provider_id = $1`, [root]);
    }
    await sql('delete from audit_link where root_provider_id = $1', [root]);
    await sql('delete from audit_chain where root_provider_id = $1', [root]);
    if (random.chance(0.5)) await sql('delete from audit_unsealed where root_provider_id = $1', [root]);
    return { kinds: ['TAIL_CUT'], sequence: 1, eventId: null };
  },
};

const headEdits: readonly (readonly [set: string, kind: BreachKind])[] = [
  ['sequence = sequence + 1', 'HEAD_CHANGED'],
  ['sequence = sequence - 1', 'HEAD_CHANGED'],
  ['sequence = 0', 'HEAD_CHANGED'],
  ['hash = set_bit(hash, 5, 1 - get_bit(hash, 5))', 'HEAD_CHANGED'],
  [`hash = ''`, 'HEAD_CHANGED'],
  [`sealed_at = sealed_at + interval '1 millisecond'`, 'HEAD_CHANGED'],
  ["sealed_at = 'infinity'", 'HEAD_CHANGED'],
  ["sealed_at = 'infinity', signature = null", 'HEAD_UNSIGNED'],
  [`signature = ''`, 'HEAD_CHANGED'],
  [`signature = reverse(signature)`, 'HEAD_CHANGED'],
  [`signature = overlay(signature placing 'AAAA' from length(signature) - 40)`, 'HEAD_CHANGED'],
  // {"alg":"none"} in place of the header
  [`signature = 'eyJhbGciOiJub25lIn0.' || split_part(signature, '.', 2) || '.'`, 'HEAD_CHANGED'],
  ['signature = null', 'HEAD_UNSIGNED'],
  ['root_provider_id = gen_random_uuid()', 'HEAD_MISSING'],
];

const editHead: Tampering = {
  name: 'the head is edited',
  apply: async (sql, { root }, random) => {
    const [set, kind] = random.pick(headEdits);
    await sql(`update audit_chain set ${set} where root_provider_id = $1`, [root]);
    return { kinds: [kind], sequence: null };
  },
};

const deleteHead: Tampering = {
  name: 'the head is deleted',
  apply: async (sql, { root }) => {
    await sql('delete from audit_chain where root_provider_id = $1', [root]);
    return { kinds: ['HEAD_MISSING'], sequence: null };
  },
};

const swapKey: Tampering = {
  name: 'the signing key is swapped and the head signed by it',
  apply: async (sql, { heads }, random) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const jwk = JSON.stringify({ ...publicKey.export({ format: 'jwk' }), alg: 'EdDSA' });
    const { rows } = await sql(`select id from signing_key where purpose = 'AUDIT_TRAIL'`);
    const old = String(rows[0]?.id);
    const way = random.pick(['PUBLIC_HALF', 'BOTH_HALVES', 'OTHER_WRAPPING', 'NEW_ROW', 'RENAMED']);
    const wrapped = privateKey.export({ type: 'pkcs8', format: 'der' });
    const id = way === 'NEW_ROW' ? randomUUID() : old;
    if (way === 'NEW_ROW') {
      await sql(
        `insert into signing_key (id, purpose, public_jwk, key_encryption_key_id, wrapped_private_key, created_at)
         values ($1, 'AUDIT_TRAIL', $2, 'mine', $3, now())`,
        [id, jwk, wrapped],
      );
    } else if (way === 'RENAMED') {
      await sql(`update signing_key set id = id || 'x' where id = $1`, [old]);
      return { kinds: ['HEAD_CHANGED'], sequence: null, ofKey: true };
    } else {
      await sql('update signing_key set public_jwk = $2 where id = $1', [old, jwk]);
      if (way !== 'PUBLIC_HALF')
        await sql('update signing_key set wrapped_private_key = $2 where id = $1', [old, wrapped]);
      if (way === 'OTHER_WRAPPING')
        await sql(`update signing_key set key_encryption_key_id = 'mine' where id = $1`, [old]);
    }
    const head = heads.at(-1);
    if (head === undefined) throw new Error('no head');
    await putHead(sql, { ...head, signature: await signHead({ id, privateKey }, head) });
    return { kinds: ['HEAD_CHANGED'], sequence: null, ofKey: true };
  },
};

/** What a superuser may do to a chain as a whole, to its head, or to the key that signs it. */
export const tamperingsOfChains: readonly Tampering[] = [
  truncateEvents,
  truncate,
  truncateAndWait,
  truncateWithHead,
  truncateToOlderHead,
  replayHead,
  rewrite,
  insertForeign,
  deleteChain,
  editHead,
  deleteHead,
  swapKey,
];
