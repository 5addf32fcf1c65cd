import { expect, test } from 'vitest';
import { createOrganization } from '../../src/organization/organization.service.ts';
import { createServiceProvider } from '../../src/service-provider/service-provider.service.ts';
import { contextOf, createStaff, createTenants, createTestOrganization } from '../support/fixtures.ts';
import { openTestInstallation } from '../support/test-installation.ts';

test('what an organization admin tries on the provider above is FORBIDDEN, and is in their own trail', async () => {
  await using keyward = await openTestInstallation();
  const { services, database } = keyward;
  const { platformAdmin, root } = await createTenants(services);
  const organization = await createTestOrganization(services, platformAdmin, root);
  const { actor } = await createStaff(services, 'ORG_ADMIN', organization);
  const ctx = contextOf(services, actor);
  const name = 'Not for them';
  await expect(
    createOrganization(ctx, { serviceProvider: root, name, externalId: null, idempotencyKey: null }),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(
    createServiceProvider(ctx, { parent: root, name, baseUrl: null, idempotencyKey: null }),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const rows = await database.query(
    'select action, result, organization_id from audit_event where actor_id = $1 order by id',
    [actor.id],
  );
  expect(rows).toEqual([
    { action: 'organization.create', result: 'FORBIDDEN', organization_id: organization.organizationId },
    { action: 'service_provider.create', result: 'FORBIDDEN', organization_id: organization.organizationId },
  ]);
});
