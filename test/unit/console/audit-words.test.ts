import { expect, test } from 'vitest';
import { auditActions } from '../../../src/audit/audit-event.ts';
import { actionGroups, actionInWords, auditWords } from '../../../web/src/components/audit-words.ts';

const known = actionGroups.flatMap(({ actions }) => Object.keys(actions));

test('the console has words for every action of the audit trail, each once, and for no other', () => {
  expect(known.toSorted()).toEqual([...auditActions].sort());
});

test('an action is told by what came of it', () => {
  expect(auditWords('api_key.regenerate', 'OK')).toBe('regenerated the key');
  expect(auditWords('api_key.regenerate', 'KEY_DISABLED')).toBe('tried to regenerate the key');
  expect(actionInWords('api_key.regenerate')).toBe('Regenerate the key');
});

test('one of a later server stands for itself', () => {
  expect(auditWords('moon.land', 'OK')).toBe('moon.land');
  expect(auditWords('moon.land', 'FORBIDDEN')).toBe('tried to moon.land');
  expect(actionInWords('moon.land')).toBe('moon.land');
});
