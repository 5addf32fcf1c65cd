import { type SlotRow, slotColumns, slotSource, toSlot } from '../api-key/api-key.sql.ts';
import { type OverlapRow, overlapColumns, toOverlap } from '../api-key/overlap.sql.ts';
import { byRoot } from '../by-root.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ApiSessionId, ApiSessionRef, StaffMemberId } from '../ids.ts';
import { apiSessionColumns } from './api-session.sql.ts';
import type { ApiSession, ApiSessionState } from './api-session.ts';

interface StateRow extends SlotRow, OverlapRow {
  readonly apiSessionId: ApiSessionId;
  readonly staffMemberId: StaffMemberId;
  readonly username: string;
  readonly openedAt: Date;
  readonly lastUsedAt: Date;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly secretHash: Buffer;
  readonly slotVersion: number;
  readonly sessionEpoch: number;
  readonly memberEpoch: number;
  readonly memberDeactivatedAt: Date | null;
}

const find = statement<StateRow>(
  'api_session.find',
  `select ${slotColumns}, ${overlapColumns}, a.id as "apiSessionId", a.staff_member_id as "staffMemberId", a.username,
     a.created_at as "openedAt", a.last_used_at as "lastUsedAt", a.ip_address as "ipAddress",
     a.user_agent as "userAgent", a.secret_hash as "secretHash", a.slot_version as "slotVersion",
     a.session_epoch as "sessionEpoch", m.session_epoch as "memberEpoch", m.deactivated_at as "memberDeactivatedAt"
   from (select distinct * from unnest($1::uuid[], $2::uuid[])) wanted (root_provider_id, id)
   join api_session a on a.root_provider_id = wanted.root_provider_id and a.id = wanted.id
   join staff_member m on m.root_provider_id = a.root_provider_id and m.id = a.staff_member_id
   join (${slotSource}) on k.root_provider_id = a.root_provider_id and k.organization_id = a.organization_id
     and k.kind = 'CLOUD_SERVICE'`,
);

/** Those that are there and in sight, in no order, each with what its life hangs on, all as of one moment. */
export async function findApiSessions(tx: Tx, refs: readonly ApiSessionRef[]): Promise<ApiSessionState[]> {
  const rows = await tx.rows(find, [refs.map((ref) => ref.rootProviderId), refs.map((ref) => ref.apiSessionId)]);
  return rows.map(toState);
}

function toState(row: StateRow): ApiSessionState {
  const { memberEpoch, memberDeactivatedAt, openedAt, apiSessionId, staffMemberId, username, secretHash } = row;
  const { rootProviderId, organizationId, providerPath, lastUsedAt, ipAddress, userAgent } = row;
  return {
    ...{ rootProviderId, organizationId, providerPath, apiSessionId, staffMemberId, username, secretHash },
    ...{ createdAt: openedAt, lastUsedAt, ipAddress, userAgent },
    slotVersion: row.slotVersion,
    sessionEpoch: row.sessionEpoch,
    slot: { ...toSlot(row), overlap: toOverlap(row) },
    member: { sessionEpoch: memberEpoch, deactivatedAt: memberDeactivatedAt },
  };
}

const insert = statement<never>(
  'api_session.insert',
  `insert into api_session (root_provider_id, id, organization_id, provider_path, staff_member_id, username, secret_hash,
     slot_version, session_epoch, created_at, last_used_at, ip_address, user_agent)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
);

export type NewApiSession = Omit<ApiSessionState, 'slot' | 'member'>;

export async function insertApiSession(tx: Tx, session: NewApiSession): Promise<void> {
  await tx.count(insert, [
    session.rootProviderId,
    session.apiSessionId,
    session.organizationId,
    session.providerPath,
    session.staffMemberId,
    session.username,
    session.secretHash,
    session.slotVersion,
    session.sessionEpoch,
    session.createdAt,
    session.lastUsedAt,
    session.ipAddress,
    session.userAgent,
  ]);
}

export type SessionUse = ApiSessionRef & { readonly at: Date };

const use = statement<never>(
  'api_session.write_uses',
  `with used as (
     select a.id, u.at from api_session a
     join unnest($2::uuid[], $3::timestamptz[]) u (id, at) on a.id = u.id
     where a.root_provider_id = $1 and a.last_used_at < u.at
     order by a.id for no key update of a
   )
   update api_session a set last_used_at = u.at from used u
   where a.root_provider_id = $1 and a.id = u.id`,
);

/** They were used, unless a later use is written down already. Locked in one order, whoever writes many. */
export async function writeUses(tx: Tx, uses: readonly SessionUse[]): Promise<void> {
  const writes = byRoot(uses).map(([root, ofRoot]) =>
    tx.count(use, [root, ofRoot.map(({ apiSessionId }) => apiSessionId), ofRoot.map(({ at }) => at)]),
  );
  await Promise.all(writes);
}

const findOne = statement<ApiSession>(
  'api_session.find_one',
  `select ${apiSessionColumns} from api_session a where a.root_provider_id = $1 and a.id = $2`,
);

/** Alive or not. */
export function findApiSession(tx: Tx, ref: ApiSessionRef): Promise<ApiSession | null> {
  return tx.rowOrNull(findOne, [ref.rootProviderId, ref.apiSessionId]);
}

const remove = statement<never>(
  'api_session.delete',
  'delete from api_session where root_provider_id = $1 and id = $2',
);

/** @returns false when it was gone before */
export async function deleteApiSession(tx: Tx, ref: ApiSessionRef): Promise<boolean> {
  return (await tx.count(remove, [ref.rootProviderId, ref.apiSessionId])) === 1;
}

const removeIdle = statement<never>('api_session.delete_idle', 'delete from api_session where last_used_at <= $1');

/** Needs the scope of the platform. */
export async function deleteIdleApiSessions(tx: Tx, idleSince: Date): Promise<void> {
  await tx.count(removeIdle, [idleSince]);
}
