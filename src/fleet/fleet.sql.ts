import { apiKeyStatusSql, expiredSql, fromFingerprint, slotViewColumns } from '../api-key/api-key.sql.ts';
import { rotationStateSql } from '../api-key/key-age.sql.ts';
import type { RotationState } from '../api-key/key-age.ts';
import type { Scope } from '../database/scope.ts';
import { LARGEST_PAGE_SIZE, type PageRequest } from '../page.ts';
import { fold } from '../text.ts';
import { addProvider, addScope, Conditions } from './conditions.sql.ts';
import type {
  FleetOrder,
  FleetOrderField,
  GroupCondition,
  Parent,
  Parents,
  ResolvedFilter,
  SavedFilter,
} from './fleet.ts';
import { isOfThisPeriod } from './threshold-used.sql.ts';

const subscriptionStatusSql = (now: string) =>
  `case when s.cancelled_at is not null or s.ends_at <= ${now} then 'EXPIRED' when s.starts_at <= ${now} then 'ACTIVE'
     when s.id is not null then 'SCHEDULED' end`;

/** @param filter has been through `resolveFilter` */
export function fleetConditions(scope: Scope, filter: ResolvedFilter, now: Date): Conditions {
  const conditions = new Conditions();
  const root = addScope(conditions, scope, 'o', 'o.id');
  addFilter(conditions, scope, root, filter, now);
  const { organizations, group } = filter;
  if (organizations !== null) {
    conditions.add('i', [organizations.map((ref) => ref.organizationId)], (ids) => `o.id = any (${ids}::uuid[])`);
  }
  if (group !== null) addGroup(conditions, scope, root, group, now);
  return conditions;
}

function addGroup(
  conditions: Conditions,
  scope: Scope,
  root: string | undefined,
  group: GroupCondition,
  now: Date,
): void {
  if (group.kind === 'MEMBERS') {
    const { rootProviderId, organizationGroupId } = group.ref;
    conditions.add('g', [rootProviderId, organizationGroupId], (of = '', id = '') => isMember(of, id));
  } else if (group.kind === 'FILTER') {
    conditions.add('G', [], () => 'true'); // the same letters come again from here on
    addFilter(conditions, scope, root, group.filter, now);
  } else {
    conditions.add('x', [], () => 'false');
  }
}

const isMember = (rootProviderId: string, groupId: string) =>
  `o.root_provider_id = ${rootProviderId} and exists (select from organization_group_member m
    where m.root_provider_id = ${rootProviderId} and m.group_id = ${groupId} and m.organization_id = o.id)`;

/** @param root placeholder of the one whose organizations are seen; undefined: of all */
function addFilter(
  conditions: Conditions,
  scope: Scope,
  root: string | undefined,
  filter: SavedFilter,
  now: Date,
): void {
  const { search, fingerprint, fingerprintNot } = filter;
  if (search !== null) {
    conditions.add(
      'q',
      [fold(search)],
      (text) => `position(${text} in o.name_folded || ' ' || lower(coalesce(o.external_id, ''))) > 0`,
    );
  }
  if (filter.serviceProvider !== null) addProvider(conditions, scope, filter.serviceProvider, 'o');
  if (fingerprint !== null) {
    conditions.add('f', [fromFingerprint(fingerprint)], (bytes) => `k.fingerprint = ${bytes}`);
  }
  if (fingerprintNot !== null) {
    conditions.add('n', [fromFingerprint(fingerprintNot)], (bytes) => `k.fingerprint <> ${bytes}`);
  }
  addBounds(conditions, root, filter, now);
  addStatuses(conditions, filter, now);
}

/** Those that are asked for, under one hexadecimal digit: the name of a statement has no room for a letter each. */
function addBounds(conditions: Conditions, root: string | undefined, filter: SavedFilter, now: Date): void {
  const instants = [
    { instant: filter.subscriptionEndsBefore, bit: 1, is: 's.ends_at <' },
    { instant: filter.keyModifiedSince, bit: 2, is: 'k.fingerprint is not null and k.last_modified_at >=' },
    { instant: filter.keyModifiedBefore, bit: 4, is: 'k.fingerprint is not null and k.last_modified_at <' },
  ].filter(({ instant }) => instant !== null);
  const { thresholdUsedPercentAtLeast: percent } = filter;
  const bits = instants.reduce((sum, { bit }) => sum + bit, percent === null ? 0 : 8);
  if (bits === 0) return;
  const code = bits.toString(16).toUpperCase(); // no other code is a capital but G and Y
  const values = [...instants.map(({ instant }) => instant), ...(percent === null ? [] : [percent, now])];
  conditions.add(code, values, (...placeholders) => {
    const written = instants.map(({ is }, index) => `${is} ${placeholders[index]}`);
    const [least = '', at = ''] = placeholders.slice(instants.length);
    return [...written, ...(percent === null ? [] : [hasUsed(least, at, root)])].join(' and ');
  });
}

/**
 * Of a computed value the planner believes that hardly any row has it, and sorts the whole fleet for the first page. Of a
 * `case` it believes half of them, and walks in the order that is asked for until the page is full.
 */
const frequent = (condition: string) => `case when ${condition} then true else false end`;

/**
 * Those are looked up once, from the counters. Row by row, in the order that is asked for, it would take seconds to find
 * that nobody has. Who has a fresh window, opened since, is left out last: it takes a look at each slot.
 * @param root the only one whose counters are looked at; undefined: all
 */
function hasUsed(least: string, at: string, root: string | undefined): string {
  return frequent(`(o.root_provider_id, o.id) in (
    select c.root_provider_id, c.organization_id from usage_counter c
    join subscription terms on terms.root_provider_id = c.root_provider_id
      and terms.organization_id = c.organization_id and terms.superseded_at is null and terms.call_threshold is not null
    where ${root === undefined ? '' : `c.root_provider_id = ${root} and `}c.kind = 'CLOUD_SERVICE' and c.used > 0 and c.used * 100 >= terms.call_threshold::bigint * ${least}::int
      and ${isOfThisPeriod(`${at}::timestamptz`, 'terms')}
      and not exists (select from api_key opened where opened.root_provider_id = c.root_provider_id
        and opened.organization_id = c.organization_id and opened.kind = c.kind
        and opened.window_opened_at > c.window_start))`);
}

function addStatuses(conditions: Conditions, filter: SavedFilter, now: Date): void {
  const { apiKeyStatus, subscriptionStatus, disablementSource, rotation } = filter;
  if (rotation !== null) addRotation(conditions, rotation, now);
  if (apiKeyStatus !== null) {
    conditions.add('k', [now, apiKeyStatus], (at, statuses) => {
      return frequent(`${apiKeyStatusSql(`${at}::timestamptz`)} = any (${statuses}::text[])`);
    });
  }
  if (subscriptionStatus !== null) {
    conditions.add('u', [now, subscriptionStatus], (at, statuses) => {
      return frequent(`${subscriptionStatusSql(`${at}::timestamptz`)} = any (${statuses}::text[])`);
    });
  }
  if (disablementSource !== null) {
    conditions.add('d', [now, disablementSource], (at, sources) => {
      return frequent(`('SUBSCRIPTION_EXPIRED' = any (${sources}::text[]) and ${expiredSql(`${at}::timestamptz`)})
        or exists (select from disablement d where d.root_provider_id = k.root_provider_id
          and d.organization_id = k.organization_id and d.kind = k.kind and d.source::text = any (${sources}::text[]))`);
    });
  }
}

/** All but `CURRENT` is rare: then those that are found are sorted. */
function addRotation(conditions: Conditions, states: readonly RotationState[], now: Date): void {
  const isUsual = states.includes('CURRENT');
  conditions.add(isUsual ? 'y' : 'Y', [now, states], (at, wanted) => {
    const condition = `${rotationStateSql(`${at}::timestamptz`)} = any (${wanted}::text[])`;
    return isUsual ? frequent(condition) : condition;
  });
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

const slot = `join api_key k on k.root_provider_id = o.root_provider_id and k.organization_id = o.id and k.kind = 'CLOUD_SERVICE'`;
const subscription = `left join subscription s on s.root_provider_id = o.root_provider_id and s.organization_id = o.id
    and s.superseded_at is null`;
const source = `organization o
  ${slot}
  ${subscription}`;

/** Each organization has one such slot and at most one current subscription: to be counted it needs what is asked about. */
function countSource(conditions: Conditions): string {
  const asked = conditions.sql.join(' ');
  return ['organization o', /\bk\./.test(asked) ? slot : '', /\bs\./.test(asked) ? subscription : ''].join(' ');
}

/** Only what is shown: the list is the hottest read, and every column is paid for fifty times. */
const itemColumns = `o.root_provider_id as "rootProviderId", o.id as "organizationId", o.provider_id as "providerId", o.name,
  o.external_id as "externalId", o.created_at as "organizationCreatedAt", ${slotViewColumns}, s.id as "subscriptionId", s.plan,
  s.call_threshold as "callThreshold", s.threshold_period as "thresholdPeriod", s.version as "subscriptionVersion"`;

/**
 * No page has more. It stands in the statement for the planner, which believes of a parameter that a tenth of all rows is
 * wanted, and of a large fleet would plan each page anew for its values.
 */
const MOST_ROWS = LARGEST_PAGE_SIZE + 1;

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
  const select = (more: string, most: string | number) =>
    `select ${itemColumns}${more} from ${source} where ${where(conditions)} order by ${sorted} limit ${most}`;
  if (parents === null) return `select * from (${select('', MOST_ROWS)}) page limit ${limit}`;
  const perParent = underEach(conditions, parents);
  return `select page.*, parent.position::int as "parentPosition" from ${perParent}
    cross join lateral (${select(`, row_number() over (order by ${sorted}) as rank`, limit)}) page
    order by parent.position, page.rank`;
}

/** Which ones they are, in the order in which many are locked. @param most more are not looked for */
export function refsSql(conditions: Conditions, most: number): string {
  return `select o.root_provider_id, o.id, o.provider_path from ${source} where ${where(conditions)}
    order by o.root_provider_id, o.id limit ${most}`;
}

export function countSql(conditions: Conditions, parents: Parents): string {
  const select = () => `select count(*)::int as count from ${countSource(conditions)} where ${where(conditions)}`;
  if (parents === null) return select();
  const perParent = underEach(conditions, parents);
  return `select counted.count, parent.position::int as "parentPosition" from ${perParent}
    cross join lateral (${select()}) counted order by parent.position`;
}

/** How organizations stand under a parent, and by what it is known besides its root. */
interface Parenthood {
  readonly code: string;
  readonly isUnder: string;
  readonly type: 'uuid' | 'bytea';
  readonly key: string | Buffer;
}

function parenthoodOf(parent: Parent): Parenthood {
  if ('serviceProviderId' in parent) {
    const isUnder = 'o.root_provider_id = parent.root_provider_id and parent.id = any (o.provider_path)';
    return { code: 'w', isUnder, type: 'uuid', key: parent.serviceProviderId };
  }
  if ('fingerprint' in parent) {
    const isUnder = 'k.root_provider_id = parent.root_provider_id and k.fingerprint = parent.id';
    return { code: 'h', isUnder, type: 'bytea', key: fromFingerprint(parent.fingerprint) };
  }
  const isUnder = isMember('parent.root_provider_id', 'parent.id');
  return { code: 'm', isUnder, type: 'uuid', key: parent.organizationGroupId };
}

function underEach(conditions: Conditions, parents: readonly Parent[]): string {
  const parenthoods = parents.map(parenthoodOf);
  const [one] = parenthoods;
  if (one === undefined) throw new Error('a nested list has a parent');
  conditions.add(one.code, [], () => one.isUnder);
  const roots = conditions.values.push(parents.map((parent) => parent.rootProviderId));
  const keys = conditions.values.push(parenthoods.map(({ key }) => key));
  return `unnest($${roots}::uuid[], $${keys}::${one.type}[]) with ordinality parent (root_provider_id, id, position)`;
}

function where(conditions: Conditions): string {
  return conditions.sql.length === 0 ? 'true' : conditions.sql.join('\n and ');
}
