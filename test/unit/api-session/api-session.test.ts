import { describe, expect, test } from 'vitest';
import { flawOf, type LoginProof, parseLogin } from '../../../src/api-session/api-login.ts';
import { type ApiSessionState, isAlive, isUseDue } from '../../../src/api-session/api-session.ts';
import type { Role } from '../../../src/identity/permissions.ts';
import { newId } from '../../../src/ids.ts';
import type { Fingerprint } from '../../../src/secrets/tenant-keys.ts';
import { newStaffMember, type StaffMember } from '../../../src/staff/staff-member.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const MINUTE_MS = 60_000;
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const [rootProviderId, organizationId] = [newId<'ServiceProvider'>(), newId<'Organization'>()];
const term = { startsAt: ago(1e9), endsAt: ago(-1e9), cancelledAt: null, previousEndedAt: null };

const slot: ApiSessionState['slot'] = {
  kind: 'CLOUD_SERVICE',
  overlap: null,
  fingerprint: 'f' as Fingerprint,
  disabledBy: [],
  subscription: term,
  version: 7,
};
const living: ApiSessionState = {
  ...{ rootProviderId, organizationId, providerPath: [rootProviderId], apiSessionId: newId<'ApiSession'>() },
  ...{ staffMemberId: newId<'StaffMember'>(), username: 'ann', ipAddress: null, userAgent: null },
  ...{ createdAt: ago(MINUTE_MS), lastUsedAt: ago(MINUTE_MS), secretHash: Buffer.alloc(32) },
  ...{ slotVersion: 7, sessionEpoch: 3, slot, member: { sessionEpoch: 3, deactivatedAt: null } },
};

describe('a session', () => {
  const IDLE_MS = 5 * MINUTE_MS;
  const alive = (more: Partial<ApiSessionState>) => isAlive({ ...living, ...more }, NOW, IDLE_MS);

  test('lives until it has not been used for the idle time-out', () => {
    expect(alive({})).toBe(true);
    expect(alive({ lastUsedAt: ago(IDLE_MS - 1) })).toBe(true);
    expect(alive({ lastUsedAt: ago(IDLE_MS) })).toBe(false);
    expect(alive({ lastUsedAt: ago(-10) })).toBe(true); // by a clock that is ahead
  });

  const ends: Record<string, Partial<ApiSessionState>> = {
    'with any change of its key': { slot: { ...slot, version: 8 } },
    'with its key': { slot: { ...slot, fingerprint: null } },
    'when its key is disabled': { slot: { ...slot, disabledBy: ['CALL_THRESHOLD'] } },
    "with its admin's own sessions": { member: { sessionEpoch: 4, deactivatedAt: null } },
    'when its admin is deactivated': { member: { sessionEpoch: 3, deactivatedAt: ago(1) } },
  };
  test.for(Object.entries(ends))('ends %s', ([, more]) => {
    expect(alive(more)).toBe(false);
  });

  test('goes on when the subscription ends', () => {
    const expired = { slot: { ...slot, subscription: { ...term, endsAt: NOW } } };
    expect(alive(expired)).toBe(true);
  });

  test('has a use written down once a second', () => {
    expect(isUseDue({ ...living, lastUsedAt: ago(999) }, NOW)).toBe(false);
    expect(isUseDue({ ...living, lastUsedAt: ago(1000) }, NOW)).toBe(true);
  });
});

describe('a login', () => {
  const member = (role: Role, more: Partial<StaffMember> = {}, place: string | null = organizationId) =>
    ({
      ...newStaffMember({
        place: {
          rootProviderId,
          providerId: rootProviderId,
          providerPath: [rootProviderId],
          organizationId: place as never,
        },
        ...{ username: 'ann', displayName: 'Ann', role, createdAt: NOW },
      }),
      ...more,
    }) as StaffMember;
  const right: LoginProof = {
    ...{ member: member('ORG_ADMIN'), isPasswordRight: true, isKeyRight: true, isGuessing: false },
    timestampMs: NOW.getTime(),
  };
  const SKEW_MS = 5 * MINUTE_MS;
  const flaw = (more: Partial<LoginProof>) => flawOf({ ...right, ...more }, NOW, SKEW_MS);

  const flaws: [string, Partial<LoginProof>, string | null][] = [
    ['all of it right', {}, null],
    ['a name that nobody has', { member: null }, 'WRONG_PASSWORD'],
    ['a wrong password', { isPasswordRight: false }, 'WRONG_PASSWORD'],
    ['a wrong password and key', { isPasswordRight: false, isKeyRight: false }, 'WRONG_PASSWORD'],
    ['a wrong key', { isKeyRight: false }, 'WRONG_KEY'],
    ['the right key after many wrong ones', { isGuessing: true }, 'TOO_MANY_WRONG_KEYS'],
    ['somebody who may not have the key', { member: member('ORG_VIEWER') }, 'NOT_ADMITTED'],
    ['staff of a provider', { member: member('PROVIDER_ADMIN', {}, null) }, 'NOT_ADMITTED'],
    ['somebody deactivated', { member: member('ORG_ADMIN', { deactivatedAt: NOW }) }, 'NOT_ADMITTED'],
    [
      'a password that others know',
      { member: member('ORG_ADMIN', { passwordMustChange: true }) },
      'PASSWORD_CHANGE_REQUIRED',
    ],
    ['the earliest time', { timestampMs: NOW.getTime() - SKEW_MS }, null],
    ['the latest time', { timestampMs: NOW.getTime() + SKEW_MS }, null],
    ['too early a time', { timestampMs: NOW.getTime() - SKEW_MS - 1 }, 'CLOCK_SKEW'],
    ['too late a time', { timestampMs: NOW.getTime() + SKEW_MS + 1 }, 'CLOCK_SKEW'],
  ];
  test.for(flaws)('with %s', ([, more, expected]) => {
    expect(flaw(more)).toBe(expected);
  });

  const body = { apiKey: 'a', username: 'b', password: 'c', timestamp: 1_678_886_400_000 };

  test('may give the time as a number or as text', () => {
    for (const timestamp of [body.timestamp, String(body.timestamp)]) {
      const parsed = parseLogin(JSON.stringify({ ...body, timestamp, more: 1 }));
      expect(parsed).toMatchObject({ username: 'b', timestampMs: body.timestamp });
      expect([parsed.apiKey.expose(), parsed.password.expose()]).toEqual(['a', 'c']);
    }
  });

  const malformed: [string, unknown][] = [
    ['no text', undefined],
    ['nothing', ''],
    ['no JSON', '{"apiKey":'],
    ['no object', '[]'],
    ['null', 'null'],
    ...Object.keys(body).map((name): [string, unknown] => [
      `no ${name}`,
      JSON.stringify({ ...body, [name]: undefined }),
    ]),
    ...Object.keys(body).map((name): [string, unknown] => [
      `a ${name} of null`,
      JSON.stringify({ ...body, [name]: null }),
    ]),
    ...[1.5, -1, 1e15, '', ' 1', '1 ', '-1', '1e3', '0x10', '9'.repeat(16), true, [1]].map(
      (timestamp): [string, unknown] => [
        `the time ${JSON.stringify(timestamp)}`,
        JSON.stringify({ ...body, timestamp }),
      ],
    ),
  ];
  test.for(malformed)('of %s is malformed', ([, text]) => {
    expect(() => parseLogin(text)).toThrow('Request body is invalid.');
  });
});
