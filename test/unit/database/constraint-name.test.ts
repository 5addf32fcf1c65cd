import { expect, test } from 'vitest';
import { constraintName, isConstraint } from '../../../src/database/constraint-name.ts';

const siblings = 'service_provider_root_provider_id_parent_id_name_folded_key';
const refused = (name: string) => ({ message: `duplicate key value violates unique constraint "${name}"` });

test.for([
  ['one PostgreSQL tells the name', { constraint: siblings, message: '' }],
  [
    'another machine tells it in the message, with the number of the shard',
    refused('directory_entry_pkey_102008'),
    'directory_entry_pkey',
  ],
  ['a long one is cut off', refused('service_provider_root_provider_id_parent_id_name_folded__102011')],
  ['a long one is cut off before a hash', refused('service_provider_root_provider_id_parent_id_na_0a1b2c3d_102011')],
] as const)('%s', ([, error, name = siblings]) => {
  expect(isConstraint(error, name)).toBe(true);
});

test.for([
  ['another', refused('organization_root_provider_id_provider_id_external_id_key_102008')],
  ['a short beginning', refused('service_provider_102008')],
  ['none', { message: 'canceling statement due to lock timeout' }],
] as const)('%s is not it', ([, error]) => {
  expect(isConstraint(error, siblings)).toBe(false);
  expect(isConstraint(error, 'organization_root_provider_id_provider_id_name_folded_key')).toBe(false);
});

test('a number of the name itself stays', () => {
  expect(constraintName({ constraint: 'organization_2_key', message: '' })).toBe('organization_2_key');
});
