import { isPlatformStaff, type Viewer } from '../session/viewer.ts';

/** In the order of what it takes to lift them: the most first. */
const byGravity = ['PLATFORM', 'SERVICE_PROVIDER', 'CALL_THRESHOLD', 'SUBSCRIPTION_EXPIRED'] as const;
export type DisablementSource = (typeof byGravity)[number];

interface Disablement {
  readonly source: DisablementSource;
}

/** Of those that hold a key the one that it takes the most to lift. */
export function gravestOf<Held extends Disablement>(disablements: readonly Held[]): Held | undefined {
  return byGravity.flatMap((source) => disablements.filter((each) => each.source === source))[0];
}

/** What a person can say why they disable a key, in the order of a list to choose from. */
export const chosenReasons = [
  'TERMS_VIOLATION',
  'SECURITY_INCIDENT',
  'NON_PAYMENT',
  'CALL_THRESHOLD_EXCEEDED',
  'OTHER',
] as const;

export const reasonWords = {
  TERMS_VIOLATION: 'Terms violation',
  SECURITY_INCIDENT: 'Security incident',
  NON_PAYMENT: 'Non-payment',
  CALL_THRESHOLD_EXCEEDED: 'Call threshold exceeded',
  SUBSCRIPTION_EXPIRED: 'Subscription expired',
  OTHER: 'Another reason',
} as const;

/** Goes on after "disabled": "disabled by the platform". */
export const sourceWords: Record<DisablementSource, string> = {
  PLATFORM: 'by the platform',
  SERVICE_PROVIDER: 'by the provider',
  CALL_THRESHOLD: 'because the call threshold was exceeded',
  SUBSCRIPTION_EXPIRED: 'because the subscription has ended',
};

/** Whether somebody with the right to enable keys may lift it. */
export function isLiftedBy(viewer: Viewer, source: DisablementSource): boolean {
  if (source === 'SUBSCRIPTION_EXPIRED' || viewer.organization !== null) return false;
  return source !== 'PLATFORM' || isPlatformStaff(viewer);
}

/** "a, b and c". */
export function inWords(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
