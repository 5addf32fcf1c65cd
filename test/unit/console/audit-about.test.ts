import { expect, test } from 'vitest';
import { auditActions } from '../../../src/audit/audit-event.ts';
import { about } from '../../../web/src/screens/organization/audit/about.ts';

test('whatever is done with a key, a subscription and API clients can be asked for, each by one name', () => {
  const own = auditActions.filter((action) =>
    /^(api_key|subscription|api_session|authorization_server|auth)\./.test(action),
  );
  expect(about.flatMap(({ actions }) => actions).toSorted()).toEqual(own.toSorted());
});
