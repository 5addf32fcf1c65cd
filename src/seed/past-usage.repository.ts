import type { Tx } from '../database/database.ts';
import type { Organization } from '../organization/organization.ts';
import type { CountedHour, NoticePercent } from '../usage/count-calls.ts';
import { bulkInsert, type Column, uuidArray } from './bulk-insert.ts';
import type { PastUsage } from './past-usage.ts';

type Of<Thing> = Thing & { readonly organization: Organization };

/** The columns that every table of a slot's calls has. */
const slotColumns: readonly Column<{ readonly organization: Organization }>[] = [
  { name: 'root_provider_id', type: 'uuid', value: ({ organization }) => organization.rootProviderId },
  { name: 'organization_id', type: 'uuid', value: ({ organization }) => organization.organizationId },
  { name: 'provider_path', type: 'uuid[]', value: ({ organization }) => uuidArray(organization.providerPath) },
  { name: 'kind', type: 'api_key_kind', value: () => 'CLOUD_SERVICE' },
];

const insertCounters = bulkInsert<Of<PastUsage>>('usage_counter', [
  ...slotColumns,
  { name: 'window_start', type: 'timestamptz', value: ({ counter }) => counter.windowStart },
  { name: 'used', type: 'bigint', value: ({ counter }) => counter.used },
  { name: 'hour', type: 'timestamptz', value: ({ counter }) => counter.hour },
  { name: 'hour_calls', type: 'bigint', value: ({ counter }) => counter.hourCalls },
  { name: 'threshold', type: 'integer', value: ({ counter }) => counter.threshold },
  { name: 'last_used_at', type: 'timestamptz', value: (row) => row.lastUsedAt },
  { name: 'last_used_address', type: 'text', value: (row) => row.lastUsedAddress },
]);

const insertHours = bulkInsert<Of<CountedHour>>('usage_hour', [
  ...slotColumns,
  { name: 'hour', type: 'timestamptz', value: (row) => row.hour },
  { name: 'calls', type: 'bigint', value: (row) => row.calls },
]);

const insertDays = bulkInsert<Of<CountedHour>>('usage_day', [
  ...slotColumns,
  { name: 'day', type: 'timestamptz', value: (row) => row.hour },
  { name: 'calls', type: 'bigint', value: (row) => row.calls },
]);

const insertNotices = bulkInsert<Of<PastUsage> & { readonly percent: NoticePercent }>('usage_notice', [
  ...slotColumns,
  { name: 'window_start', type: 'timestamptz', value: ({ counter }) => counter.windowStart },
  { name: 'percent', type: 'integer', value: (row) => row.percent },
  { name: 'used', type: 'bigint', value: ({ counter }) => counter.used },
  { name: 'threshold', type: 'integer', value: ({ counter }) => counter.threshold },
  { name: 'at', type: 'timestamptz', value: (row) => row.lastUsedAt },
]);

/** Of slots that there are by now. */
export async function insertUsages(tx: Tx, usages: readonly Of<PastUsage>[]): Promise<void> {
  const withPlace = <Row>(rowsOf: (usage: PastUsage) => readonly Row[]) =>
    usages.flatMap((usage) => rowsOf(usage).map((row) => ({ ...row, organization: usage.organization })));
  await Promise.all([
    insertCounters(tx, usages),
    insertHours(
      tx,
      withPlace(({ hours }) => hours),
    ),
    insertDays(
      tx,
      withPlace(({ days }) => days),
    ),
    insertNotices(
      tx,
      withPlace((usage) => usage.notices.map((percent) => ({ ...usage, percent }))),
    ),
  ]);
}
