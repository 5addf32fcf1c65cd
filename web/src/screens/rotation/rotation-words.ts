import type { StatusName } from '../../components/status.ts';
import type { DayOfWeek, PolicyFragment } from './rotation.graphql.ts';

/** How far a key is on its way to being rotated. */
export const statusOfRotation: Readonly<Record<'UPCOMING' | 'DUE' | 'OVERDUE', StatusName>> = {
  UPCOMING: 'rotationAhead',
  DUE: 'rotationDue',
  OVERDUE: 'rotationOverdue',
};

export const days: readonly { readonly value: DayOfWeek; readonly label: string }[] = [
  { value: 'MONDAY', label: 'Mon' },
  { value: 'TUESDAY', label: 'Tue' },
  { value: 'WEDNESDAY', label: 'Wed' },
  { value: 'THURSDAY', label: 'Thu' },
  { value: 'FRIDAY', label: 'Fri' },
  { value: 'SATURDAY', label: 'Sat' },
  { value: 'SUNDAY', label: 'Sun' },
];

export type Window = PolicyFragment['window'];

export const hourOf = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

export function isAnyTime({ days: on, fromHour, toHour }: Window): boolean {
  return on.length === days.length && fromHour === 0 && toHour === 24;
}

/** "Sun 01:00 to 05:00, Europe/Berlin". */
export function windowInWords(window: Window): string {
  if (isAnyTime(window)) return 'At any time';
  const { days: on, fromHour, toHour, timeZone } = window;
  const names = days.filter(({ value }) => on.includes(value)).map(({ label }) => label);
  const when = names.length === days.length ? 'Every day' : names.join(', ');
  const next = toHour <= fromHour ? ' of the next day' : '';
  return `${when} ${hourOf(fromHour)} to ${hourOf(toHour)}${next}, ${timeZone}`;
}

/** For what a policy holds; the name is null once its group is gone. */
export function placeOf(policy: PolicyFragment): { readonly kind: string; readonly name: string | null } {
  const { organization, organizationGroup, isForGroup, serviceProvider } = policy;
  if (organization !== null) return { kind: 'Organization', name: organization.name };
  if (isForGroup) return { kind: 'Group', name: organizationGroup?.name ?? null };
  return { kind: 'Provider', name: serviceProvider.name };
}

export function statusOfPolicy(policy: PolicyFragment): StatusName {
  if (!policy.isEnabled) return 'switchedOff';
  return placeOf(policy).name === null ? 'ended' : 'active';
}

/** "14, 7, 1" as whole numbers; null: something else stands there. */
export function parseNoticeDays(text: string): readonly number[] | null {
  const numbers = text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  return numbers.every((count) => Number.isInteger(count) && count > 0) ? numbers : null;
}
