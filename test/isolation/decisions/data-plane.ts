import { encodeCursor } from '../../../src/page.ts';
import { by, commands, type Decision, input, reads, removes } from '../decision.ts';
import type { Coordinate } from '../schema-fields.ts';
import { IN_A_YEAR, idIn, newName } from './asks.ts';

const authorizationServer = () => ({
  ...{ name: newName(), issuer: 'https://login.example.com', audience: 'api' },
  jwksUrl: 'https://127.0.0.1:1/jwks',
});

/** Where a key is used, or a token in its place. */
export const dataPlaneDecisions: Readonly<Record<Coordinate, Decision>> = {
  'Organization.apiSessions': reads(
    by('Organization', ({ ids }) => ({ node: ids.Organization }), { by: 'parent' }),
    by(
      'ApiSession',
      ({ ids }, own) => ({
        node: own.ids.Organization,
        after: encodeCursor('CREATED_AT_DESC', { value: IN_A_YEAR, id: idIn(ids.ApiSession) }),
      }),
      { by: 'after', isLookUp: false },
    ),
  ),
  'Mutation.endApiSession': removes('apiKey:manage', input('ApiSession', 'apiSessionId')),
  'Mutation.endApiSessions': removes('apiKey:manage', input('Organization', 'organizationId')),
  'Mutation.createAuthorizationServer': commands(
    'apiKey:manage',
    input('Organization', 'organizationId', authorizationServer),
  ),
  'Mutation.updateAuthorizationServer': commands(
    'apiKey:manage',
    input('AuthorizationServer', 'authorizationServerId', () => ({ name: newName() })),
  ),
  'Mutation.enableAuthorizationServer': commands(
    'apiKey:manage',
    input('AuthorizationServer', 'authorizationServerId'),
  ),
  'Mutation.disableAuthorizationServer': commands(
    'apiKey:manage',
    input('AuthorizationServer', 'authorizationServerId'),
  ),
  'Mutation.deleteAuthorizationServer': removes('apiKey:manage', input('AuthorizationServer', 'authorizationServerId')),
};
