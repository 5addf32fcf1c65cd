import { encodeCursor } from '../../../src/page.ts';
import { by, commands, type Decision, id, input, reads } from '../decision.ts';
import type { Coordinate } from '../schema-fields.ts';
import { IN_A_YEAR, idIn, many } from './asks.ts';

/** What is done with many organizations at once. */
export const operationDecisions: Readonly<Record<Coordinate, Decision>> = {
  'Query.bulkOperation': reads(id('BulkOperation')),
  'Stream.bulkOperation': reads(id('BulkOperation')),
  'Query.bulkOperations': reads(
    id('ServiceProvider', 'serviceProviderId'),
    by(
      'BulkOperation',
      ({ ids }) => ({ after: encodeCursor('CREATED_AT_DESC', { value: IN_A_YEAR, id: idIn(ids.BulkOperation) }) }),
      { by: 'after', isLookUp: false },
    ),
    by(
      'BulkOperation',
      ({ ids }) => {
        const after = encodeCursor('CREATED_AT_DESC', { value: IN_A_YEAR, id: idIn(ids.BulkOperation) });
        return { after, awaitingMyApproval: true };
      },
      { by: 'after, awaitingMyApproval', isLookUp: false },
    ),
  ),
  'BulkOperation.results': reads(
    by('BulkOperation', ({ ids }) => ({ node: ids.BulkOperation }), { by: 'parent' }),
    by(
      'BulkOperation',
      ({ ids }, own) => ({
        node: own.ids.BulkOperation,
        after: encodeCursor('POSITION', { value: '0', id: idIn(ids.BulkOperation) }),
      }),
      { by: 'after', isLookUp: false },
    ),
  ),
  'Mutation.syncApiKey': reads(
    ...many({ newKey: 'abcDEF123456' }),
    by(
      'Organization',
      ({ ids }, own) => ({
        input: { organizationIds: [own.ids.Organization], newKeyFrom: ids.Organization, dryRun: true },
      }),
      { by: 'input.newKeyFrom' },
    ),
  ),
  'Mutation.disableApiKeys': reads(...many({ reason: 'SECURITY_INCIDENT' })),
  'Mutation.enableApiKeys': reads(...many({ note: 'as agreed' })),
  'Mutation.regenerateApiKeys': reads(...many({})),
  'Mutation.renewSubscriptions': reads(...many({ endsAt: IN_A_YEAR })),
  'Mutation.approveBulkOperation': commands(
    'apiKey:sync',
    input('BulkOperation', 'bulkOperationId', { note: 'as agreed' }),
  ),
  'Mutation.rejectBulkOperation': commands(
    'apiKey:sync',
    input('BulkOperation', 'bulkOperationId', { note: 'too many' }),
  ),
  'Mutation.cancelBulkOperation': commands('apiKey:sync', id('BulkOperation')),
  'Mutation.setApprovalAbove': commands(
    'provider:manage',
    input('ServiceProvider', 'serviceProviderId', { approvalAbove: 100 }),
  ),
};
