import { describe, expect, test } from 'vitest';
import {
  apiKeyStatus,
  applyChange,
  decide,
  disablementSources,
  isProvisionable,
  permissionFor,
  possibleActions,
} from '../../../src/api-key/api-key.ts';
import { SYSTEM_ACTOR } from '../../../src/identity/actor.ts';
import { authorize } from '../../../src/identity/authorize.ts';
import { type Authority, type Role, roles } from '../../../src/identity/permissions.ts';
import { actorWith, organizationRow } from '../identity/actors.ts';
import { refusalOf } from '../refusal.ts';
import {
  type Attempted,
  attempts,
  attemptsByAction,
  authorities,
  isRefusal,
  lettersOf,
  NOW,
  outcomeOf,
  type Situation,
  situations,
  words,
} from './cases.ts';
import { expectedOutcomes, expectedStatus, refusals, roleMay } from './domain-tables.ts';

const cases = attempts.flatMap((attempt) =>
  authorities.flatMap((authority) => situations.map((situation) => ({ attempt, authority, situation }))),
);

function decided(attempt: Attempted, authority: Authority, { slot }: Situation): string {
  const command = attempt.commandFor(slot);
  return outcomeOf(slot, command, () => decide(slot, command, authority, NOW));
}

/** As the services do it: first the permission, then the rule. */
function commanded(attempt: Attempted, role: Role, { slot }: Situation): string {
  const command = attempt.commandFor(slot);
  const actor = actorWith(role);
  return outcomeOf(slot, command, () => {
    authorize(actor, permissionFor[command.action], organizationRow, 'organizationId');
    return decide(slot, command, actor.authority, NOW);
  });
}

function expectationOf(attempt: Attempted, authority: Authority, situation: Situation): string[] {
  return expectedOutcomes({ ...attempt.facts, ...situation.facts, who: words[authority] });
}

describe('every state × command × authority', () => {
  test('is 160 states × 21 commands × 4 authorities', () => {
    expect(situations).toHaveLength(160);
    expect(new Set(situations.map(({ facts }) => JSON.stringify(facts))).size).toBe(160);
    expect(attempts).toHaveLength(21);
    expect(cases).toHaveLength(13_440);
  });

  test.each(attemptsByAction.flatMap((group) => authorities.map((authority) => ({ ...group, authority }))))(
    '$action by $authority ends as the table says',
    ({ attempts, authority }) => {
      const wrong = attempts.flatMap((attempt) =>
        situations
          .map((situation) => ({
            ...attempt.facts,
            ...situation.facts,
            expected: expectationOf(attempt, authority, situation),
            actual: decided(attempt, authority, situation),
          }))
          .filter(({ expected, actual }) => !expected.includes(actual)),
      );
      expect(wrong).toEqual([]);
    },
  );

  test.each(attemptsByAction)(
    '$action is refused with each code of its column, and with no other',
    ({ action, attempts }) => {
      const codes = attempts.flatMap((attempt) =>
        authorities.flatMap((authority) => situations.map((situation) => decided(attempt, authority, situation))),
      );
      const refused = new Set(codes.filter(isRefusal));
      expect([...refused].sort()).toEqual([...(refusals[action.toLowerCase()] ?? [])].sort());
    },
  );

  test.each(authorities)('what is possible for %s is what some input makes succeed', (authority) => {
    const wrong = situations.filter((situation) => {
      const succeeding = attemptsByAction
        .filter(({ attempts }) => attempts.some((attempt) => !isRefusal(decided(attempt, authority, situation))))
        .map(({ action }) => action);
      return possibleActions(situation.slot, authority, NOW).join() !== succeeding.join();
    });
    expect(wrong).toEqual([]);
  });
});

describe('every state × command × role', () => {
  test('is 160 states × 21 commands × 7 roles', () => {
    expect(attempts.length * situations.length * roles.length).toBe(23_520);
  });

  test.each(roles)('%s gets FORBIDDEN for what the role does not allow, and the rule’s answer otherwise', (role) => {
    const authority = actorWith(role).authority;
    const wrong = attempts.flatMap((attempt) =>
      situations.filter((situation) => {
        const may = roleMay(role, attempt.action.toLowerCase());
        const expected = may ? expectationOf(attempt, authority, situation) : ['FORBIDDEN'];
        return !expected.includes(commanded(attempt, role, situation));
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('the system holds no permission: it commands nothing in its own name', () => {
    expect(SYSTEM_ACTOR.permissions.size).toBe(0);
    expect(SYSTEM_ACTOR.authority).toBe('SYSTEM');
  });
});

describe('every state', () => {
  test('has the status that the table says', () => {
    const wrong = situations.filter(({ facts, slot }) => apiKeyStatus(slot, NOW) !== expectedStatus(facts));
    expect(wrong).toEqual([]);
  });

  test('shows the stored disablements and, once the subscription ended, SUBSCRIPTION_EXPIRED', () => {
    const wrong = situations.filter(({ facts, slot }) => {
      const isExpired = facts.subscription === 'expired' || facts.subscription === 'again';
      const expected = isExpired ? [...slot.disabledBy, 'SUBSCRIPTION_EXPIRED'] : slot.disabledBy;
      return disablementSources(slot, NOW).toSorted().join() !== expected.toSorted().join();
    });
    expect(wrong).toEqual([]);
  });

  test('is filled by a starting subscription only as an empty cloud service slot that nobody disabled', () => {
    const filled = situations.filter(({ slot }) => isProvisionable(slot)).map(({ facts }) => facts);
    expect(filled).toEqual(
      ['none', 'scheduled', 'again', 'active', 'expired'].map((subscription) => ({
        ...{ kind: 'cloud', key: 'no', 'disabled by': '-' },
        subscription,
      })),
    );
  });

  test('after an accepted command holds exactly the decided string and set', () => {
    const wrong = cases.filter(({ attempt, authority, situation: { slot, facts } }) => {
      const command = attempt.commandFor(slot);
      const outcome = outcomeOf(slot, command, () => decide(slot, command, authority, NOW));
      if (isRefusal(outcome)) return false;
      const before = facts['disabled by'] === '-' ? '' : (facts['disabled by'] ?? '');
      const [verb, which = ''] = outcome.split(' ');
      const expected = new Set(verb === 'gains' ? `${before}${which}` : before);
      if (verb === 'loses') for (const letter of which) expected.delete(letter);
      const after = applyChange(slot, decide(slot, command, authority, NOW));
      const isStringRight = 'next' in command ? after.fingerprint === command.next : true;
      const isRest = after.kind === slot.kind && after.subscription === slot.subscription;
      const set = [...'SPC'].filter((letter) => expected.has(letter)).join('');
      return !(isStringRight && isRest && lettersOf(after.disabledBy) === set);
    });
    expect(wrong).toEqual([]);
  });
});

describe('a refusal', () => {
  test('says what to do next', () => {
    const messages = cases.flatMap(({ attempt, authority, situation: { slot } }) => {
      const refusal = refusalOf(() => decide(slot, attempt.commandFor(slot), authority, NOW));
      return refusal === null ? [] : [refusal.message];
    });
    expect(messages.filter((message) => !/^[A-Z].*[.?]$/s.test(message))).toEqual([]);
    expect(messages).toContain('The key is disabled by your service provider. Ask them to enable it.');
  });

  test('never sends anybody to "them" without having named them', () => {
    const messages = cases.flatMap(({ attempt, authority, situation: { slot } }) => {
      const refusal = refusalOf(() => decide(slot, attempt.commandFor(slot), authority, NOW));
      return refusal?.message.includes('Ask them') ? [refusal.message] : [];
    });
    expect([...new Set(messages)].filter((message) => !/service provider|platform/.test(message))).toEqual([]);
  });
});
