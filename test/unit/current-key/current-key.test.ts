import { describe, expect, test } from 'vitest';
import { apiKeyKinds } from '../../../src/api-key/api-key.ts';
import { isKnown, tagOf } from '../../../src/current-key/current-key.ts';
import { newId } from '../../../src/ids.ts';

const slot = () => ({
  rootProviderId: newId<'ServiceProvider'>(),
  organizationId: newId<'Organization'>(),
  kind: 'CLOUD_SERVICE' as const,
});

describe('the tag of a string', () => {
  test('is the same for the same string, and another one for every other string', () => {
    const [one, other] = [slot(), slot()];
    const tags = [one, other].flatMap((ref) =>
      apiKeyKinds.flatMap((kind) => [1, 2, 11].map((version) => tagOf({ ...ref, kind }, version))),
    );
    expect(new Set(tags).size).toBe(tags.length);
    expect(tagOf({ ...one }, 1)).toBe(tags[0]);
    for (const tag of tags) expect(tag).toMatch(/^"[\w-]{22}"$/);
  });

  test('is known by any of several, weak or not, and by an asterisk', () => {
    const tag = tagOf(slot(), 1);
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, `W/"x",W/${tag}`, '*']) expect(isKnown(tag, known)).toBe(true);
    for (const unknown of [null, '', '"x"', tag.slice(1, -1), tagOf(slot(), 1)])
      expect(isKnown(tag, unknown)).toBe(false);
  });
});
