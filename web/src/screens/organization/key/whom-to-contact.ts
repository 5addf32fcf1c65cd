import type { DisablementSource } from '../../../components/disablement.ts';
import { isPlatformStaff, type Viewer } from '../../../session/viewer.ts';
import type { Organization } from './key-words.ts';

interface Rights {
  readonly mayEnable: boolean;
  readonly mayRenew: boolean;
}

/** Whom somebody should turn to who cannot lift it; null for whoever can. */
export function whomToContact(
  source: DisablementSource,
  { serviceProvider, subscription }: Organization,
  viewer: Viewer,
  { mayEnable, mayRenew }: Rights,
): string | null {
  const isOrganizations = viewer.organization !== null;
  if (source === 'SUBSCRIPTION_EXPIRED') {
    if (mayRenew || subscription?.status === 'SCHEDULED') return null;
    return `Contact ${serviceProvider.name} to have it renewed.`;
  }
  if (source === 'PLATFORM' && !isPlatformStaff(viewer)) {
    const also = isOrganizations ? `, or ask ${serviceProvider.name} to do it for you` : '';
    return `Only the platform can enable it. Contact platform support${also}.`;
  }
  if (mayEnable && !isOrganizations) return null;
  return `Contact ${serviceProvider.name} to have it enabled.`;
}
