import { expect } from 'vitest';
import { createFindServer } from '../../../src/gateway/find-server.service.ts';
import { newId } from '../../../src/ids.ts';
import { createServer, test } from '../../support/authorization-server-world.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import { nameOrganization } from '../../support/gateway-client.ts';

const MANY = 60;

test('the servers that tokens name are looked up together, each for itself', async ({ world, keySets, keyward }) => {
  const { services, logLines } = keyward;
  const { platformAdmin, reseller } = world.tenants;
  const { organization } = world;
  const { authorizationServerId: id } = await createServer(world, keySets);
  const externalId = await nameOrganization(world);
  const without = await createTestOrganization(services, platformAdmin, reseller);
  const { scope } = world.providerAdmin;
  const find = createFindServer(services.decisionDatabase);
  const earlier = logLines.length;
  const [own, again, none, unseen, byName, unknown, ...forged] = await Promise.all([
    find(scope, organization),
    find(scope, organization),
    find(scope, without),
    find(world.siblingAdmin.scope, organization),
    find(scope, { externalId }),
    find(scope, { externalId: 'nobody' }),
    ...Array.from({ length: MANY }, () =>
      find(scope, { rootProviderId: newId(), organizationId: organization.organizationId }),
    ),
  ]);
  expect(own).toMatchObject({ ...organization, id, externalId });
  expect([again, byName]).toEqual([own, own]);
  expect(new Set([none, unseen, unknown, ...forged])).toEqual(new Set([null]));
  const sent = logLines.slice(earlier).filter((line) => line.includes('authorization_server.find_enabled'));
  expect(sent).toHaveLength(3); // by id, by external id, and for the other sight
});
