import { useTenantId } from '../../app/tenant.ts';
import { actionInWords } from '../../components/audit-words.ts';
import { dateOnly } from '../../components/time.ts';
import { type UrlState, useUrlState } from '../../components/url-state.ts';
import type { AuditEventFilter } from './audit.graphql.ts';

const DAY_MS = 86_400_000;

/** At midnight UTC of a day as the URL has it: `2026-11-21`. Null when it is none. */
export function dayOf(text: string): number | null {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

export function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** What the URL says, and the tenant. Days are in UTC, and the last one belongs to it. */
export function useAuditFilter(): AuditEventFilter {
  const url = useUrlState();
  const serviceProviderId = useTenantId();
  const since = dayOf(url.text('since'));
  const through = dayOf(url.text('through'));
  const actions = url.list('action');
  return {
    serviceProviderId,
    organizationId: url.text('organization') || null,
    actorId: url.text('actor') || null,
    action: actions.length === 0 ? null : [...actions],
    refused: resultOf(url),
    since: since === null ? null : new Date(since).toISOString(),
    until: through === null ? null : new Date(through + DAY_MS).toISOString(),
  };
}

function resultOf(url: UrlState): boolean | null {
  const result = url.text('result');
  return result === 'refused' ? true : result === 'done' ? false : null;
}

/** Everything but the tenant, which is the breadcrumb's. */
export const CLEARED = { organization: null, actor: null, action: null, result: null, since: null, through: null };

export interface AuditChip {
  readonly label: string;
  readonly without: Readonly<Record<string, string | readonly string[] | null>>;
}

/** What narrows the trail, in words. @param names of those that are meant by their ids; null while they are asked for */
export function chipsOf(
  url: UrlState,
  names: { readonly actor: string | null; readonly organization: string | null },
): readonly AuditChip[] {
  const since = dayOf(url.text('since'));
  const through = dayOf(url.text('through'));
  const isSet = (name: string) => url.text(name) !== '';
  return [
    ...(isSet('organization')
      ? [{ label: `Organization: ${names.organization ?? 'one'}`, without: { organization: null } }]
      : []),
    ...(isSet('actor') ? [{ label: `By ${names.actor ?? 'one person'}`, without: { actor: null } }] : []),
    ...url.list('action').map((action) => ({
      label: actionInWords(action),
      without: { action: url.list('action').filter((each) => each !== action) },
    })),
    ...(resultOf(url) === null
      ? []
      : [{ label: resultOf(url) ? 'Refused' : 'Not refused', without: { result: null } }]),
    ...(since === null ? [] : [{ label: `From ${dateOnly(since)}`, without: { since: null } }]),
    ...(through === null ? [] : [{ label: `Through ${dateOnly(through)}`, without: { through: null } }]),
  ];
}

/** The same trail as a file. */
export function exportAddressOf(filter: AuditEventFilter, format: 'csv' | 'ndjson'): string {
  const query = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(filter)) {
    for (const each of [value].flat()) if (each !== null && each !== undefined) query.append(name, String(each));
  }
  return `/audit/export?${query}`;
}
