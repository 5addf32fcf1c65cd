import { expect, test } from 'vitest';
import type { Event } from '../../../src/events/event.ts';
import { type EventType, eventTypes } from '../../../src/events/event-type.ts';
import type { AuditEventId, OrganizationId, ServiceProviderId } from '../../../src/ids.ts';
import { type Digest, digestMailOf, titleOf } from '../../../src/mail/digest-mail.ts';

const EVIL = 'Evil\r\nBcc: you@example.com\u2028<script>alert("1")</script>\u202e';

function event(more: Partial<Event> = {}): Event {
  return {
    rootProviderId: 'root' as ServiceProviderId,
    id: 'event' as AuditEventId,
    at: new Date('2026-11-21T02:14:00Z'),
    action: 'subscription.notice_ending',
    actorId: null,
    actorName: 'System',
    actorRole: null,
    onBehalfOf: null,
    providerPath: [],
    providerName: 'Northwind',
    organizationId: 'organization' as OrganizationId,
    organizationName: 'Harbour Clinic',
    externalId: 'N-1001',
    target: null,
    before: null,
    after: JSON.stringify({ plan: 'Gold', endsAt: '2026-11-28T00:00:00.000Z', daysLeft: 7, secret: 'abcDEF123456' }),
    note: null,
    ...more,
  };
}

function mail(events: readonly Event[], more: Partial<Digest> = {}, type: EventType = 'subscription.ending') {
  return digestMailOf({
    providerName: 'Northwind',
    chosenBy: 'Ada',
    counts: new Map([[type, events.length]]),
    first: events.map((one) => ({ event: one, type, url: 'https://keyward.example/organizations/o' })),
    restUrl: 'https://keyward.example/audit',
    ...more,
  });
}

test('one event is what the mail is about', () => {
  const { subject, text, html } = mail([event()]);
  expect(subject).toBe('Keyward: Subscription ending, Harbour Clinic (N-1001)');
  expect(text).toContain('2026-11-21 02:14 UTC  Subscription ending: Harbour Clinic (N-1001), by System');
  expect(text).toContain('plan: Gold, ends at: 2026-11-28 00:00 UTC, days left: 7');
  expect(text).toContain('https://keyward.example/organizations/o');
  expect(text).toContain('Ada has chosen this address for Northwind. To get no more of these mails, ask');
  expect(html).toContain('<a href="https://keyward.example/organizations/o">Harbour Clinic (N-1001)</a>');
});

test('of many the first are named, and of the others it is said how many', () => {
  const counts = new Map<EventType, number>([
    ['api_key.regenerated', 460],
    ['subscription.ending', 2],
  ]);
  const { subject, text, html } = mail(Array(50).fill(event()), { counts });
  expect(subject).toBe('Keyward: 462 events at Northwind');
  expect(text).toMatch(/^ {5}460 {2}API key regenerated$/m);
  expect(text).toContain('and 412 more: https://keyward.example/audit');
  expect(html).toContain('and 412 more');
});

test('what the schema of an event does not name is in no mail', () => {
  const { text, html } = mail([event()]);
  expect(text + html).not.toContain('abcDEF123456');
});

test('names stay on their line, and are never markup', () => {
  const after = JSON.stringify({ plan: EVIL });
  const evil = event({ organizationName: EVIL, externalId: EVIL, actorName: EVIL, after });
  const { subject, text, html } = mail([evil], { providerName: EVIL, chosenBy: EVIL });
  expect(subject).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  expect(text).not.toMatch(/^Bcc/m);
  expect(text).not.toMatch(/[\r\u2028\u202e]/);
  expect(html).not.toContain('<script');
  expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)');
});

test('every type of event has a title in words', () => {
  expect(titleOf('api_key.threshold_warning')).toBe('API key threshold warning');
  expect(titleOf('bulk_operation.finished')).toBe('Bulk operation finished');
  for (const type of eventTypes) expect(titleOf(type)).toMatch(/^[A-Z][\w ]+ [a-z ]+$/);
});
