import { describe, expect, test } from 'vitest';
import type { StoredDisablementSource } from '../../../src/api-key/api-key.ts';
import type { CallSlot, Proof } from '../../../src/gateway/call.ts';
import { decideCall } from '../../../src/gateway/decide-call.ts';
import type { OrganizationId, ServiceProviderId } from '../../../src/ids.ts';
import type { Fingerprint } from '../../../src/secrets/tenant-keys.ts';
import type { Counter } from '../../../src/usage/count-calls.ts';

const NOW = new Date('2026-11-21T12:00:00.000Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);
const active = { startsAt: later(-1), endsAt: later(1), cancelledAt: null, previousEndedAt: null };
const ended = { ...active, endsAt: NOW };

const slot: CallSlot = {
  rootProviderId: 'root' as ServiceProviderId,
  organizationId: 'organization' as OrganizationId,
  kind: 'CLOUD_SERVICE',
  version: 7,
  overlap: null,
  fingerprint: 'right' as Fingerprint,
  disabledBy: [],
  subscription: active,
  callThreshold: 10,
  thresholdPeriod: 'DAY',
  windowOpenedAt: null,
};
const used = (calls: number): Counter => ({
  windowStart: new Date('2026-11-21'),
  used: calls,
  hour: NOW,
  hourCalls: calls,
  threshold: 10,
});
const key = (fingerprint: string): Proof => ({ by: 'KEY', fingerprint: fingerprint as Fingerprint });
const session = (more: object = {}): Proof => ({
  by: 'SESSION',
  session: { organizationId: slot.organizationId, slotVersion: 7, holds: true, ...more },
});
const token = (holds: boolean): Proof => ({ by: 'TOKEN', holds });
const decide = (state: Partial<CallSlot>, proof: Proof, counter: Counter | null = null, method: string | null = null) =>
  decideCall({ ...slot, ...state }, proof, { cost: 1, method }, counter, NOW);

const NOTHING = { organization: null, callsUsed: null, callThreshold: null, resetsAt: null, disabledBy: [] };

describe('what does not prove right', () => {
  test.each<[string, Partial<CallSlot> | null, Proof, string]>([
    ['an organization that is not seen', null, key('right'), 'NOT_FOUND'],
    ['a wrong key', {}, key('wrong'), 'NOT_FOUND'],
    ['an empty slot', { fingerprint: null }, key('right'), 'NOT_FOUND'],
    ['a wrong key of a disabled slot', { disabledBy: ['PLATFORM'] }, key('wrong'), 'NOT_FOUND'],
    ['a wrong key without a subscription', { subscription: ended }, key('wrong'), 'NOT_FOUND'],
    ['no session', {}, { by: 'SESSION', session: null }, 'SESSION_NOT_VALID'],
    ['a session that does not hold', {}, session({ holds: false }), 'SESSION_NOT_VALID'],
    ['a session of an older slot', {}, session({ slotVersion: 6 }), 'SESSION_NOT_VALID'],
    ['a session of another organization', {}, session({ organizationId: 'another' }), 'SESSION_NOT_VALID'],
    ['a session of an organization that is not seen', null, session(), 'SESSION_NOT_VALID'],
    ['a token of a server that has changed', {}, token(false), 'NOT_FOUND'],
    ['a token for an organization that is not seen', null, token(true), 'NOT_FOUND'],
  ])('%s is refused, and nothing else is told', (_, state, proof, code) => {
    const given = state === null ? null : { ...slot, ...state };
    expect(decideCall(given, proof, { cost: 1, method: null }, used(3), NOW)).toEqual({
      decision: { ...NOTHING, code },
      counted: null,
      exceeds: false,
    });
  });
});

describe('what proves right', () => {
  const cases: [StoredDisablementSource[], typeof active, number, string][] = [
    [[], active, 0, 'VALID'],
    [[], active, 9, 'VALID'],
    [[], active, 10, 'THRESHOLD_EXCEEDED'],
    [[], ended, 0, 'SUBSCRIPTION_EXPIRED'],
    [[], ended, 10, 'SUBSCRIPTION_EXPIRED'],
    [['SERVICE_PROVIDER'], active, 0, 'DISABLED'],
    [['PLATFORM'], ended, 10, 'DISABLED'],
    [['CALL_THRESHOLD', 'PLATFORM'], active, 10, 'DISABLED'],
    [['CALL_THRESHOLD'], active, 0, 'THRESHOLD_EXCEEDED'],
    [['CALL_THRESHOLD'], ended, 10, 'SUBSCRIPTION_EXPIRED'],
  ];
  test.for(cases)('disabled by %j, subscription %j, %i calls: %s', ([disabledBy, subscription, calls, code]) => {
    for (const proof of [key('right'), session(), token(true)]) {
      const { decision, counted, exceeds } = decide({ disabledBy, subscription }, proof, used(calls));
      const isValid = code === 'VALID';
      expect(decision).toMatchObject({
        code,
        organization: { rootProviderId: 'root', organizationId: 'organization' },
        callsUsed: isValid ? calls + 1 : calls,
        callThreshold: 10,
        resetsAt: new Date('2026-11-22'),
      });
      expect(counted !== null).toBe(isValid);
      expect(exceeds).toBe(code === 'THRESHOLD_EXCEEDED' && disabledBy.length === 0);
    }
  });

  test('without any subscription is refused like an ended one', () => {
    expect(decide({ subscription: null }, token(true)).decision.code).toBe('SUBSCRIPTION_EXPIRED');
    const scheduled = { ...active, startsAt: later(1) };
    expect(decide({ subscription: scheduled }, key('right')).decision.code).toBe('SUBSCRIPTION_EXPIRED');
  });

  test('may go on reading under a session when the subscription has ended, and nothing more', () => {
    const codeOf = (proof: Proof, method: string | null, more: Partial<CallSlot> = {}, calls = 0) =>
      decide({ subscription: ended, ...more }, proof, used(calls), method).decision.code;
    for (const method of ['GET', 'HEAD']) {
      expect(codeOf(session(), method)).toBe('VALID');
      expect(codeOf(session(), method, {}, 10)).toBe('THRESHOLD_EXCEEDED');
      expect(codeOf(session(), method, { disabledBy: ['PLATFORM'] })).toBe('DISABLED');
      expect(codeOf(key('right'), method)).toBe('SUBSCRIPTION_EXPIRED');
      expect(codeOf(token(true), method)).toBe('SUBSCRIPTION_EXPIRED');
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'get', null]) {
      expect(codeOf(session(), method)).toBe('SUBSCRIPTION_EXPIRED');
    }
  });

  test('and costs more than is left is refused whole, and exceeds', () => {
    const verdict = decideCall(slot, key('right'), { cost: 4, method: null }, used(7), NOW);
    expect(verdict).toMatchObject({
      decision: { code: 'THRESHOLD_EXCEEDED', callsUsed: 7 },
      counted: null,
      exceeds: true,
    });
    expect(decideCall(slot, key('right'), { cost: 3, method: null }, used(7), NOW).decision.code).toBe('VALID');
  });
});
