import type { StatusName } from '../../components/status.ts';
import type { EndpointFragment, WebhookDeliveryStatus } from './webhooks.graphql.ts';

export function statusOfEndpoint({ isEnabled, failingSince }: EndpointFragment): StatusName {
  if (!isEnabled) return 'disabled';
  return failingSince === null ? 'enabled' : 'failing';
}

/** Where it goes, without what may say more than where. */
export function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

/** Why nothing can be sent to it now; null: it can. */
export function whyNotSend({ isEnabled }: EndpointFragment): string | null {
  return isEnabled ? null : 'It is disabled: enable it first.';
}

export const disabledWords: Record<NonNullable<EndpointFragment['disabledReason']>, string> = {
  BY_STAFF: 'Somebody disabled it.',
  FAILING: 'It took nothing for three days.',
  GONE: 'It answered 410: it wants nothing any more.',
};

export const deliveryStatuses: readonly {
  readonly value: WebhookDeliveryStatus;
  readonly label: string;
  readonly status: StatusName;
}[] = [
  { value: 'PENDING', label: 'Waiting', status: 'waiting' },
  { value: 'DELIVERED', label: 'Delivered', status: 'delivered' },
  { value: 'FAILED', label: 'Failed', status: 'failed' },
];

export function statusOfDelivery(of: WebhookDeliveryStatus): StatusName {
  return deliveryStatuses.find(({ value }) => value === of)?.status ?? 'waiting';
}
