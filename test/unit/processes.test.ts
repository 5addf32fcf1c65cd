import { expect, test } from 'vitest';
import { rolesOf } from '../../src/processes.ts';

test.for([
  ['all', 1, ['all']],
  ['all', 3, ['all', 'api', 'api']],
  ['api', 2, ['api', 'api']],
  ['worker', 2, ['worker', 'worker']],
] as const)(
  'processes of the role %s, %i of them: the background is worked once, or by each worker',
  ([role, count, roles]) => {
    expect(rolesOf(role, count)).toEqual(roles);
  },
);
