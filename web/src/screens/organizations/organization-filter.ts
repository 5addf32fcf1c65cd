import { TENANT_PARAMETER } from '../../app/tenant.ts';
import type { Choice } from '../../components/table/filters.tsx';
import { dateOnly } from '../../components/time.ts';
import type { UrlState, UrlWords } from '../../components/url-state.ts';
import type {
  ApiKeyStatus,
  DisablementSource,
  OrganizationFilter,
  RotationState,
  SubscriptionStatus,
} from './organizations.graphql.ts';

interface FilterChoices {
  readonly name: 'key' | 'disabledBy' | 'subscription' | 'used' | 'rotation';
  readonly label: string;
  readonly choices: readonly Choice[];
  /** Of these the one chosen last counts. */
  readonly isSingle?: boolean;
}

/** Each is a parameter of the URL, with its values separated by commas. */
export const organizationFilters: readonly FilterChoices[] = [
  {
    name: 'key',
    label: 'API key',
    choices: [
      { value: 'ENABLED', label: 'Enabled' },
      { value: 'DISABLED', label: 'Disabled' },
      { value: 'NONE', label: 'No key' },
    ],
  },
  {
    name: 'disabledBy',
    label: 'Disabled by',
    choices: [
      { value: 'SERVICE_PROVIDER', label: 'Provider' },
      { value: 'PLATFORM', label: 'Platform' },
      { value: 'CALL_THRESHOLD', label: 'Call threshold' },
      { value: 'SUBSCRIPTION_EXPIRED', label: 'Expired subscription' },
    ],
  },
  {
    name: 'subscription',
    label: 'Subscription',
    choices: [
      { value: 'ACTIVE', label: 'Active' },
      { value: 'SCHEDULED', label: 'Scheduled' },
      { value: 'EXPIRED', label: 'Expired' },
    ],
  },
  {
    name: 'used',
    label: 'Threshold used',
    isSingle: true,
    choices: [
      { value: '75', label: '75% or more' },
      { value: '90', label: '90% or more' },
      { value: '100', label: 'All of it' },
    ],
  },
  {
    name: 'rotation',
    label: 'Rotation',
    choices: [
      { value: 'UPCOMING', label: 'Ahead' },
      { value: 'DUE', label: 'Due' },
      { value: 'OVERDUE', label: 'Overdue' },
    ],
  },
];

/** What the URL is to say when that many are ticked. */
export function parameterOf({ name, isSingle = false }: FilterChoices, ticked: readonly string[]) {
  return { [name]: isSingle ? ticked.slice(-1) : ticked };
}

function chosen<Value extends string>(url: UrlWords, name: FilterChoices['name']): readonly Value[] | null {
  const known = organizationFilters.find((filter) => filter.name === name)?.choices ?? [];
  const values = url.list(name).filter((value): value is Value => known.some((choice) => choice.value === value));
  return values.length === 0 ? null : values;
}

/** What the URL says: the search, the filters, the tenant, and what a link from elsewhere names. */
export function organizationFilterOf(url: UrlWords): OrganizationFilter {
  return {
    search: url.text('q') || null,
    apiKeyStatus: chosen<ApiKeyStatus>(url, 'key'),
    disablementSource: chosen<DisablementSource>(url, 'disabledBy'),
    subscriptionStatus: chosen<SubscriptionStatus>(url, 'subscription'),
    fingerprint: url.text('fingerprint') || null,
    fingerprintNot: url.text('fingerprintNot') || null,
    groupId: url.text('group') || null,
    subscriptionEndsBefore: instantOf(url.text('endsBefore')),
    keyModifiedSince: instantOf(url.text('keySince')),
    keyModifiedBefore: instantOf(url.text('keyBefore')),
    thresholdUsedPercentAtLeast: Number(chosen(url, 'used')?.[0]) || null,
    rotation: chosen<RotationState>(url, 'rotation'),
    serviceProviderId: url.text(TENANT_PARAMETER) || null,
  };
}

/** Everything but the tenant, which is the breadcrumb's. */
export const CLEARED = {
  q: null,
  key: null,
  disabledBy: null,
  subscription: null,
  used: null,
  rotation: null,
  fingerprint: null,
  fingerprintNot: null,
  group: null,
  endsBefore: null,
  keySince: null,
  keyBefore: null,
};

/** Of a day as the URL has it: `2026-11-21`, at midnight UTC. */
function instantOf(day: string): string | null {
  return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? `${day}T00:00:00Z` : null;
}

const dayFilters = [
  { name: 'endsBefore', label: 'Ends before' },
  { name: 'keySince', label: 'Key modified since' },
  { name: 'keyBefore', label: 'Key modified before' },
];

export interface Chip {
  readonly label: string;
  readonly without: Readonly<Record<string, string | readonly string[] | null>>;
}

/** What narrows the list, in words. */
export function chipsOf(url: UrlState): readonly Chip[] {
  const chips = organizationFilters.flatMap(({ name, label, choices }) =>
    choices
      .filter(({ value }) => url.list(name).includes(value))
      .map((choice) => ({
        label: `${label}: ${choice.label}`,
        without: { [name]: url.list(name).filter((value) => value !== choice.value) },
      })),
  );
  const others = [
    { name: 'fingerprint', label: 'Holding the same string' },
    { name: 'fingerprintNot', label: 'Holding another string' },
    { name: 'group', label: 'In a saved group' },
  ].filter(({ name }) => url.text(name) !== '');
  const days = dayFilters.flatMap(({ name, label }) => {
    const instant = instantOf(url.text(name));
    return instant === null ? [] : [{ name, label: `${label} ${dateOnly(Date.parse(instant))}` }];
  });
  return [...chips, ...[...others, ...days].map(({ name, label }) => ({ label, without: { [name]: null } }))];
}

/** The same list as a file, without key strings. */
export function exportAddressOf(filter: OrganizationFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    for (const each of [value].flat()) if (each !== null && each !== undefined) query.append(name, String(each));
  }
  return `/exports/organizations?${query}`;
}
