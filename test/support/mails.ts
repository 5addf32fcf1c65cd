import type { RequestContext } from '../../src/context.ts';
import type { MailRecipientRef, ServiceProviderRef } from '../../src/ids.ts';
import { type CreateMailRecipient, createMailRecipient } from '../../src/mail/mail-recipient.service.ts';
import { Secret } from '../../src/secrets/secret.ts';

export const MAIL_FROM = 'Keyward <keyward@msp.example>';
export const PAUSE_MS = 15 * 60_000;

/** For `testConfig`. */
export function mailOptions(url: string) {
  return { url: new Secret(url), from: MAIL_FROM, pauseMs: PAUSE_MS };
}

/** An address of a provider that is told of changes of keys at once, unless it chooses otherwise. */
export function createRecipient(
  ctx: RequestContext,
  serviceProvider: ServiceProviderRef,
  more: Partial<CreateMailRecipient> = {},
): Promise<MailRecipientRef> {
  return createMailRecipient(ctx, {
    serviceProvider,
    address: 'on-call@msp.example',
    events: ['api_key.regenerated', 'api_key.disabled', 'api_key.enabled'],
    organizations: null,
    digest: 'IMMEDIATE',
    idempotencyKey: null,
    ...more,
  });
}
