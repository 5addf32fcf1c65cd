import { encodeCursor } from '../../../src/page.ts';
import { by, commands, type Decision, id, input, reads, removes } from '../decision.ts';
import type { Coordinate } from '../schema-fields.ts';
import { A_YEAR_AGO, IN_HALF_A_YEAR, idIn, many, newName } from './asks.ts';

const newPolicy = () => ({ name: newName(), maximumAgeDays: 90, mode: 'NOTIFY' });

/** When keys are replaced, and how long the old string works beside the new one. */
export const rotationDecisions: Readonly<Record<Coordinate, Decision>> = {
  'Query.rotationPolicies': reads(
    id('ServiceProvider', 'serviceProviderId'),
    by(
      'RotationPolicy',
      ({ ids }) => ({ after: encodeCursor('CREATED_AT_ASC', { value: A_YEAR_AGO, id: idIn(ids.RotationPolicy) }) }),
      { by: 'after', isLookUp: false },
    ),
  ),
  'Mutation.createRotationPolicy': commands(
    'rotation:manage',
    input('ServiceProvider', 'serviceProviderId', newPolicy),
    input('OrganizationGroup', 'organizationGroupId', newPolicy),
    input('Organization', 'organizationId', newPolicy),
  ),
  'Mutation.updateRotationPolicy': commands(
    'rotation:manage',
    input('RotationPolicy', 'rotationPolicyId', () => ({ name: newName() })),
  ),
  'Mutation.deleteRotationPolicy': removes('rotation:manage', input('RotationPolicy', 'rotationPolicyId')),
  'Mutation.planRotation': reads(...many({ runAt: IN_HALF_A_YEAR })),
  'Mutation.cancelRotation': commands('apiKey:sync', id('BulkOperation')),
  'Mutation.setOverlapAllowed': commands(
    'provider:manage',
    input('ServiceProvider', 'serviceProviderId', { overlapAllowedMinutes: 60 }),
  ),
  'Mutation.endKeyOverlap': commands('apiKey:manage', input('Organization', 'organizationId')),
};
