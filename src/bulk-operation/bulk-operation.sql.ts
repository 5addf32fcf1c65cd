import type { Scope } from '../database/scope.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { isProviderInSight } from '../service-provider/service-provider.sql.ts';

/** `b` is the operation. */
export const operationColumns = `b.root_provider_id as "rootProviderId", b.id, b.provider_path as "providerPath",
  b.organization_id as "organizationId", b.kind, b.atomicity, b.dry_run as "dryRun", b.status,
  b.created_by_id as "createdById", b.created_by_name as "createdByName", b.on_behalf_of as "onBehalfOf",
  case when b.kind <> 'IMPORT_ORGANIZATIONS' then b.input end as command, b.total,
  b.done_through as "doneThrough", b.changed, b.unchanged, b.refused, b.created_at as "createdAt",
  b.started_at as "startedAt", b.finished_at as "finishedAt", b.cancel_requested_at as "cancelRequestedAt", b.failure,
  b.approval, b.approval_expires_at as "approvalExpiresAt", b.decided_at as "decidedAt", b.decided_by_id as "decidedById",
  b.decided_by_name as "decidedByName", b.decision_note as "decisionNote", b.run_at as "runAt", b.run_until as "runUntil",
  b.rotation_policy_id as "rotationPolicyId",
  b.actor #> '{scope,organizationIds}' as "lentIds"`;

/** `b` is an item. The first line of isolation ($1 to $3: what the viewer sees); row-level security is the second. */
export const isItemInSight = `($1::uuid is null or b.root_provider_id = $1) and ($2::uuid is null or $2 = any (b.provider_path))
  and ($3::uuid[] is null or b.organization_id = any ($3))`;

/** `b` is the operation: what `seesOperation` says of staff of providers and of the platform. */
export const isOperationInSight = `${isItemInSight}
  and ($3::uuid[] is null or b.actor #> '{scope,organizationIds}' <@ to_jsonb($3::uuid[]))`;

/**
 * Operations, and of these those of one provider and the resellers below it where one is named: started there, or with an
 * organization of theirs. Looked for among `seen`, which a distributed Postgres reads apart from the items.
 * @param provider placeholders of what `valuesOfProvider` gives
 */
export function operationsWhere(listed: string, columns: string, [root, id, own]: readonly [string, string, string]) {
  return `with seen as materialized (select b.id, b.root_provider_id, b.provider_path from bulk_operation b where ${listed})
    select ${columns} from bulk_operation b where ${listed} and (${root}::uuid is null or (${isProviderInSight(root, id, own)}
      and b.id in (select seen.id from seen where (seen.root_provider_id = ${root} and ${id} = any (seen.provider_path))
        or exists (select from bulk_item i where i.root_provider_id = ${root} and i.operation_id = seen.id
          and ${id} = any (i.provider_path)))))`;
}

export function valuesOfProvider(scope: Scope, provider: ServiceProviderRef | null) {
  const own = 'providerId' in scope ? scope.providerId : null;
  return [provider?.rootProviderId ?? null, provider?.serviceProviderId ?? null, own];
}
