import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventTypes, permissionForEvent } from '../../../src/events/event-type.ts';

test('docs/webhooks.md has every type of event, with the permission that it takes', () => {
  const lines = readFileSync('docs/webhooks.md', 'utf8').split('\n');
  const rows = lines.filter((line) => line.startsWith('| ') && line.includes('`'));
  const lineOf = (type: string) => rows.find((row) => row.includes(`\`${type}\``)) ?? '';
  const undocumented = eventTypes.filter((type) => !lineOf(type).endsWith(`\`${permissionForEvent(type)}\` |`));
  expect(undocumented).toEqual([]);
});
