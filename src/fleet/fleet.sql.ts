import { apiKeyStatusSql, expiredSql, fromFingerprint, slotViewColumns } from '../api-key/api-key.sql.ts';
import type { Scope } from '../database/scope.ts';
import type { ServiceProviderRef } from '../ids.ts';
import type { PageRequest } from '../page.ts';
import { isProviderInSight } from '../service-provider/service-provider.sql.ts';
import { fold } from '../text.ts';
import type { FleetFilter, FleetOrder, FleetOrderField } from './fleet.ts';

/** Grows a condition and its values together; `code` names the shape, for the prepared statement. */
export class Conditions {
  readonly sql: string[] = [];
  readonly values: unknown[] = [];
  code = '';

  /** @param write gets the placeholders of `values` */
  add(code: string, values: readonly unknown[], write: (...placeholders: string[]) => string): void {
    const placeholders = values.map((value) => `$${this.values.push(value)}`);
    this.sql.push(write(...placeholders));
    this.code += code;
  }
}

/** The first line of isolation; row-level security is the second. */
function addScope(conditions: Conditions, scope: Scope): void {
  if (scope.level === 'PLATFORM') return;
  if (scope.level !== 'PROVIDER' && scope.level !== 'ORGANIZATION') {
    conditions.add('x', [], () => 'false');
    return;
  }
  conditions.add('r', [scope.rootProviderId], (root) => `o.root_provider_id = ${root}`);
  conditions.add('p', [scope.providerId], (provider) => `${provider} = any (o.provider_path)`);
  if (scope.level === 'ORGANIZATION') {
    conditions.add('o', [scope.organizationIds], (ids) => `o.id = any (${ids}::uuid[])`);
  }
}

const subscriptionStatusSql = (now: string) =>
  `case when s.cancelled_at is not null or s.ends_at <= ${now} then 'EXPIRED' when s.starts_at <= ${now} then 'ACTIVE'
     when s.id is not null then 'SCHEDULED' end`;

export function fleetConditions(scope: Scope, filter: FleetFilter, now: Date): Conditions {
  const conditions = new Conditions();
  addScope(conditions, scope);
  const { search, organizations, fingerprint } = filter;
  if (search !== null) {
    conditions.add(
      'q',
      [fold(search)],
      (text) => `position(${text} in o.name_folded || ' ' || lower(coalesce(o.external_id, ''))) > 0`,
    );
  }
  if (filter.serviceProvider !== null) {
    const { rootProviderId, serviceProviderId } = filter.serviceProvider;
    const ownId = 'providerId' in scope ? scope.providerId : null;
    conditions.add('t', [rootProviderId, serviceProviderId, ownId], (root = '', provider = '', own = '') => {
      const isBelow = `o.root_provider_id = ${root} and ${provider} = any (o.provider_path)`;
      return `${isBelow} and ${isProviderInSight(root, provider, own)}`;
    });
  }
  if (organizations !== null) {
    conditions.add('i', [organizations.map((ref) => ref.organizationId)], (ids) => `o.id = any (${ids}::uuid[])`);
  }
  if (fingerprint !== null) {
    conditions.add('f', [fromFingerprint(fingerprint)], (bytes) => `k.fingerprint = ${bytes}`);
  }
  addStatuses(conditions, filter, now);
  return conditions;
}

function addStatuses(conditions: Conditions, filter: FleetFilter, now: Date): void {
  const { apiKeyStatus, subscriptionStatus, disablementSource } = filter;
  if (apiKeyStatus !== null) {
    conditions.add('k', [now, apiKeyStatus], (at, statuses) => {
      return `${apiKeyStatusSql(`${at}::timestamptz`)} = any (${statuses}::text[])`;
    });
  }
  if (subscriptionStatus !== null) {
    conditions.add('u', [now, subscriptionStatus], (at, statuses) => {
      return `${subscriptionStatusSql(`${at}::timestamptz`)} = any (${statuses}::text[])`;
    });
  }
  if (disablementSource !== null) {
    conditions.add('d', [now, disablementSource], (at, sources) => {
      return `(('SUBSCRIPTION_EXPIRED' = any (${sources}::text[]) and ${expiredSql(`${at}::timestamptz`)})
        or exists (select from disablement d where d.root_provider_id = k.root_provider_id
          and d.organization_id = k.organization_id and d.kind = k.kind and d.source::text = any (${sources}::text[])))`;
    });
  }
}

/** What is missing sorts last in either direction. */
function orderExpression(order: FleetOrder): string {
  const last = order.direction === 'ASC' ? 'infinity' : '-infinity';
  const expressions: Record<FleetOrderField, string> = {
    NAME: 'o.name_folded',
    CREATED_AT: 'o.created_at',
    KEY_LAST_MODIFIED_AT: `coalesce(k.last_modified_at, '${last}')`,
    SUBSCRIPTION_ENDS_AT: `coalesce(s.ends_at, '${last}')`,
  };
  return expressions[order.field];
}

const source = `organization o
  join api_key k on k.root_provider_id = o.root_provider_id and k.organization_id = o.id and k.kind = 'CLOUD_SERVICE'
  left join subscription s on s.root_provider_id = o.root_provider_id and s.organization_id = o.id
    and s.superseded_at is null`;

/** Only what is shown: the list is the hottest read, and every column is paid for fifty times. */
const itemColumns = `o.root_provider_id as "rootProviderId", o.id as "organizationId", o.provider_id as "providerId", o.name,
  o.external_id as "externalId", o.created_at as "organizationCreatedAt", ${slotViewColumns}, s.id as "subscriptionId", s.plan,
  s.call_threshold as "callThreshold", s.threshold_period as "thresholdPeriod", s.version as "subscriptionVersion"`;

/** A list of its own, or a list under each of these providers: then `parent` is the provider, and the lists are one query. */
export type Parents = readonly ServiceProviderRef[] | null;

/** One page of each list, one row longer than asked for. Adds to `conditions` what is left to add. */
export function pageSql(conditions: Conditions, parents: Parents, order: FleetOrder, page: PageRequest): string {
  const expression = orderExpression(order);
  if (page.after !== null) {
    const type = order.field === 'NAME' ? 'text' : 'timestamptz';
    const comparison = order.direction === 'ASC' ? '>' : '<';
    conditions.add('a', [page.after.value, page.after.id], (value, id) => {
      return `(${expression}, o.id) ${comparison} (${value}::${type}, ${id}::uuid)`;
    });
  }
  const sorted = `${expression} ${order.direction}, o.id ${order.direction}`;
  const limit = `$${conditions.values.push(page.first + 1)}`;
  const select = (more: string) =>
    `select ${itemColumns}${more} from ${source} where ${where(conditions)} order by ${sorted} limit ${limit}`;
  if (parents === null) return select('');
  const perParent = underEach(conditions, parents);
  return `select page.*, parent.position::int as "parentPosition" from ${perParent}
    cross join lateral (${select(`, row_number() over (order by ${sorted}) as rank`)}) page
    order by parent.position, page.rank`;
}

export function countSql(conditions: Conditions, parents: Parents): string {
  const select = () => `select count(*)::int as count from ${source} where ${where(conditions)}`;
  if (parents === null) return select();
  const perParent = underEach(conditions, parents);
  return `select counted.count, parent.position::int as "parentPosition" from ${perParent}
    cross join lateral (${select()}) counted order by parent.position`;
}

function underEach(conditions: Conditions, parents: readonly ServiceProviderRef[]): string {
  conditions.add('w', [], () => 'o.root_provider_id = parent.root_provider_id and parent.id = any (o.provider_path)');
  const roots = conditions.values.push(parents.map((parent) => parent.rootProviderId));
  const ids = conditions.values.push(parents.map((parent) => parent.serviceProviderId));
  return `unnest($${roots}::uuid[], $${ids}::uuid[]) with ordinality parent (root_provider_id, id, position)`;
}

function where(conditions: Conditions): string {
  return conditions.sql.length === 0 ? 'true' : conditions.sql.join('\n and ');
}
