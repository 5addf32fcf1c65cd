import { dateOnly } from '../../../components/time.ts';
import type { KeyOwnerFragment, SlotFragment } from './key.graphql.ts';

export type Organization = KeyOwnerFragment;
export type Slot = SlotFragment;
export type Action = Slot['allowedActions'][number];
type Kind = Slot['kind'];

/** A slot, and whose it is. */
export interface SlotProps {
  readonly organization: Organization;
  readonly slot: Slot;
}

export const kinds: readonly { readonly kind: Kind; readonly path: string; readonly label: string }[] = [
  { kind: 'CLOUD_SERVICE', path: 'cloud-service', label: 'Cloud service' },
  { kind: 'SANDBOX_SUBMISSION', path: 'sandbox-submission', label: 'Sandbox submission' },
];

/** "key", in the middle of a sentence. */
export const keyWords: Record<Kind, string> = {
  CLOUD_SERVICE: 'key',
  SANDBOX_SUBMISSION: 'sandbox submission key',
};

/** "the key of Northwind GmbH". */
export function keyOf({ organization, slot }: SlotProps): string {
  return `the ${keyWords[slot.kind]} of ${organization.name}`;
}

/** Why the state of the slot forbids what the viewer's role allows; null when nothing does. By the API's order of checks. */
export function reasonAgainst(
  action: Action,
  { organization, slot }: SlotProps,
  isOrganizations: boolean,
): string | null {
  if (slot.allowedActions.includes(action)) return null;
  if (action === 'DISABLE') return 'It is disabled already in the name of those you work for.';
  if (action === 'EDIT' && slot.kind === 'SANDBOX_SUBMISSION') {
    return 'A sandbox submission key cannot be edited. Regenerate it, or delete and add it.';
  }
  const isDisabled = slot.disablements.some(({ source }) => source !== 'SUBSCRIPTION_EXPIRED');
  // Staff may edit a disabled key, so that a sync leaves nobody behind.
  if (isDisabled && (action !== 'EDIT' || isOrganizations))
    return isOrganizations ? 'The key is disabled.' : 'The key is disabled. Enable it first.';
  return reasonOf(organization.subscription, isOrganizations);
}

function reasonOf(subscription: Organization['subscription'], isOrganizations: boolean): string {
  if (subscription === null) {
    return isOrganizations ? 'There is no subscription yet.' : 'There is no subscription yet. Apply one first.';
  }
  if (subscription.status === 'SCHEDULED') {
    return `The subscription starts on ${dateOnly(Date.parse(subscription.startsAt))}.`;
  }
  const ended = `The subscription ended on ${dateOnly(Date.parse(subscription.endsAt))}.`;
  return isOrganizations ? ended : `${ended} Renew it first.`;
}
