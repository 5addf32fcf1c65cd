import { expect, test } from 'vitest';
import { auditActions } from '../../../src/audit/audit-event.ts';
import {
  actionsOf,
  eventTypeOf,
  eventTypes,
  isEventType,
  parseEventTypes,
  permissionForEvent,
  subjectOf,
} from '../../../src/events/event-type.ts';
import { permissions } from '../../../src/identity/permissions.ts';
import { refusalOf } from '../refusal.ts';

/** What the trail has and nobody is told of: sign-ins, sessions that come and go, reads, and the platform's own work. */
const silent = [
  'auth.login',
  'auth.logout',
  'auth.token',
  'audit.export',
  'query.read',
  'secrets.rotate',
  'organization.export',
  'api_session.open',
  'api_session.close',
];

test('every action of the trail is an event, save those that change nothing', () => {
  expect(auditActions.filter((action) => eventTypeOf(action) === null)).toEqual(silent.sort(byOrderOfTrail));
  expect(eventTypeOf('something.new')).toBeNull();
});

function byOrderOfTrail(one: string, other: string): number {
  const place = (action: string) => auditActions.findIndex((known) => known === action);
  return place(one) - place(other);
}

test('every type is about something, and takes a permission', () => {
  for (const type of eventTypes) {
    expect(subjectOf(type)).not.toBe('');
    expect(permissions).toContain(permissionForEvent(type));
    expect(actionsOf([type]).every((found) => found.type === type)).toBe(true);
    expect(actionsOf([type])).not.toEqual([]);
  }
});

test('types are chosen from the closed list, each once', () => {
  expect(parseEventTypes('events', ['api_key.edited', 'api_key.added', 'api_key.added'])).toEqual([
    'api_key.added',
    'api_key.edited',
  ]);
  expect(refusalOf(() => parseEventTypes('events', []))?.code).toBe('VALIDATION_FAILED');
  expect(refusalOf(() => parseEventTypes('events', ['*']))?.code).toBe('VALIDATION_FAILED');
  expect(isEventType('toString')).toBe(false);
});
