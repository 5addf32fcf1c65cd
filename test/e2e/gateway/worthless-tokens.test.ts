import { UnsecuredJWT } from 'jose';
import { expect } from 'vitest';
import { createTestGateway, told } from '../../support/gateway-client.ts';
import { organizationId, test } from '../../support/graphql-world.ts';
import { statementsOf } from '../../support/statements.ts';

const REFUSED = [401, 'TOKEN_NOT_VALID', null];

test('a bearer token that could not be right is refused without a look at the database', async ({ server, world }) => {
  const gateway = await createTestGateway(server, world);
  const organization = { 'x-organization': organizationId(world.organization) };
  const unsigned = new UnsecuredJWT({ scope: 'openid profile' }).encode();
  const ask = (token: string) => gateway.ask({ authorization: `Bearer ${token}`, ...organization });
  await ask('first');
  const statements = await statementsOf(server, async () => {
    for (const token of ['garbage', '', 'a.b.c', `x${unsigned}`, unsigned]) {
      expect([token, ...told(await ask(token))]).toEqual([token, ...REFUSED]);
    }
  });
  expect(statements.filter((name) => name.startsWith('authorization_server.'))).toEqual([]);
});
