import type { Tx } from '../database/database.ts';
import type { TenantRow } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { ActorId } from '../ids.ts';

export interface IdempotencyClaim {
  readonly home: TenantRow;
  readonly actorId: ActorId;
  readonly key: string;
  readonly action: string;
  readonly inputHash: Buffer;
}

export interface IdempotencyRow {
  readonly action: string;
  readonly inputHash: Buffer;
  readonly answer: unknown;
}

const insert = statement<never>(
  'idempotency_key.claim',
  `insert into idempotency_key
     (root_provider_id, actor_id, key, provider_path, organization_id, action, input_hash, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)
   on conflict do nothing`,
);

/** True when this transaction has the key; false when another one had it first. Waits while that one is under way. */
export async function claimIdempotencyKey(tx: Tx, claim: IdempotencyClaim, now: Date): Promise<boolean> {
  const { home } = claim;
  const inserted = await tx.count(insert, [
    home.rootProviderId,
    claim.actorId,
    claim.key,
    home.providerPath,
    home.organizationId,
    claim.action,
    claim.inputHash,
    now,
  ]);
  return inserted === 1;
}

const select = statement<IdempotencyRow>(
  'idempotency_key.find',
  `select action, input_hash as "inputHash", answer
   from idempotency_key where root_provider_id = $1 and actor_id = $2 and key = $3`,
);

/** Null when it is out of sight: the actor used the key in another place, where this scope does not reach. */
export function findIdempotencyKey(tx: Tx, claim: IdempotencyClaim): Promise<IdempotencyRow | null> {
  return tx.rowOrNull(select, [claim.home.rootProviderId, claim.actorId, claim.key]);
}

const update = statement<never>(
  'idempotency_key.store_answer',
  'update idempotency_key set answer = $4 where root_provider_id = $1 and actor_id = $2 and key = $3',
);

export async function storeIdempotentAnswer(tx: Tx, claim: IdempotencyClaim, answer: unknown): Promise<void> {
  await tx.count(update, [claim.home.rootProviderId, claim.actorId, claim.key, JSON.stringify(answer)]);
}

const forget = statement<never>(
  'idempotency_key.forget',
  `delete from idempotency_key i using (
     select root_provider_id, actor_id, key from idempotency_key where created_at < $1 order by created_at limit $2) old
   where i.root_provider_id = old.root_provider_id and i.actor_id = old.actor_id and i.key = old.key`,
);

/** @returns how many, at most `most` */
export function deleteOldIdempotencyKeys(tx: Tx, before: Date, most: number): Promise<number> {
  return tx.count(forget, [before, most]);
}
