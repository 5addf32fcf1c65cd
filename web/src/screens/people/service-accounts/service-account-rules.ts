import type { Viewer } from '../../../session/viewer.ts';
import { beyond } from '../permission-words.ts';
import type { ServiceAccountRow } from './service-account-columns.tsx';

const MOST_SECRETS = 2;

/** No person verifies keys: whoever stands above gateways hands it out all the same. */
export function whyNotGive(viewer: Viewer, permission: string): string | null {
  if (permission === 'gateway:verify' && viewer.organization === null) return null;
  return beyond(viewer, [permission]).length === 0 ? null : 'You do not have it yourself.';
}

/** Why no further secret can be made; null: it can. Whoever has a secret of an account may do all that it may. */
export function whyNotAddSecret(viewer: Viewer, { revokedAt, secrets, permissions }: ServiceAccountRow): string | null {
  if (revokedAt !== null) return 'It was revoked for good.';
  if (secrets.length >= MOST_SECRETS) return 'It has two secrets: revoke one first.';
  const missing = permissions.filter((permission) => whyNotGive(viewer, permission) !== null);
  return missing.length === 0 ? null : `It may do what you may not: ${missing.join(', ')}.`;
}
