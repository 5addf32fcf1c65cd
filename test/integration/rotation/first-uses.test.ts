import pg from 'pg';
import { expect, vi } from 'vitest';
import { FirstUses } from '../../../src/api-key/note-first-use.ts';
import type { OrganizationRef } from '../../../src/ids.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import { test } from '../../support/key-world.ts';
import { rotateWithOverlap } from '../../support/rotation-policies.ts';

const MANY = 12;

test('first uses of many strings are written together, and a slot that is held holds up none', async ({
  world,
  keyward,
}) => {
  const { services, database } = keyward;
  const { platformAdmin, reseller, foreignRoot } = world.tenants;
  const organizations: OrganizationRef[] = [];
  for (let count = 0; count < MANY; count++) {
    const place = count % 3 === 0 ? foreignRoot : reseller;
    const organization = await createTestOrganization(services, platformAdmin, place);
    await rotateWithOverlap({ ...world, organization }, { minutes: 60, graceMinutes: 5 });
    organizations.push(organization);
  }
  const [held] = organizations;
  if (held === undefined) throw new Error('unreachable');
  const rows = () =>
    database.query<{ id: string; version: number; grace: number | null }>(
      `select organization_id as id, version,
         extract(epoch from overlap_ends_at - overlap_first_used_at)::int / 60 as grace
       from api_key where organization_id = any ($1) and kind = 'CLOUD_SERVICE'`,
      [organizations.map(({ organizationId }) => organizationId)],
    );
  const versions = new Map((await rows()).map(({ id, version }) => [id, version]));
  const uses = new FirstUses(services);
  const use = (organization: OrganizationRef) => {
    const version = versions.get(organization.organizationId) ?? 0;
    uses.note({ ...organization, kind: 'CLOUD_SERVICE', version, at: new Date() });
  };
  const written = async () => (await rows()).filter(({ grace }) => grace === 5).map(({ id }) => id);

  const holder = new pg.Client({ connectionString: database.ownerUrl });
  await holder.connect();
  await holder.query('begin');
  await holder.query('select from api_key where organization_id = $1 for no key update', [held.organizationId]);
  const earlier = keyward.logLines.length;
  for (const organization of [...organizations, ...organizations]) use(organization);
  await vi.waitFor(async () => expect(await written()).toHaveLength(MANY - 1), 10_000);
  expect(await written()).not.toContain(held.organizationId);
  const sent = keyward.logLines.slice(earlier).filter((line) => line.includes('api_key.write_first_use'));
  expect(sent).toHaveLength(2); // one for each tenant
  await holder.end();
  use(held);
  await vi.waitFor(async () => expect(await written()).toHaveLength(MANY), 10_000);
});
