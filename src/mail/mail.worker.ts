import type { Services } from '../context.ts';
import type { Event } from '../events/event.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { sendDueMails } from './send-mails.service.ts';

/** Sends what is due. Without a mail server it does nothing. @returns how many mails were sent */
export function sendMails(services: Services, now: Date): Promise<number> {
  return sendDueMails(services, linkTo, now);
}

/** To a screen of the console (web/src/screens). */
function linkTo(publicUrl: string, event: Event | null): string {
  if (event?.organizationId == null) return `${publicUrl}/audit`;
  return `${publicUrl}/organizations/${encodeGlobalId('Organization', event.rootProviderId, event.organizationId)}`;
}
