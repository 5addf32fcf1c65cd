import { describe, expect, test } from 'vitest';
import { apiKeyStatus } from '../../../src/api-key/api-key.ts';
import { growFleet } from '../../../src/seed/grow-fleet.ts';
import { allSlots, countOpening, openSeededFleet } from '../../support/seeded-fleet.ts';

describe('growing the fleet', () => {
  test('reaches the number, keeps names unique, the mix of states and whole organizations; again, it adds nothing', async () => {
    await using fleet = await openSeededFleet();
    const { keyward } = fleet;
    const { now } = fleet.options;
    const counting = `select (select count(*)::int from organization) as organizations,
      (select count(distinct (provider_id, name_folded))::int from organization) as names,
      (select count(distinct (provider_id))::int from organization) as providers,
      (select count(*)::int from api_key) as slots,
      (select count(distinct organization_id)::int from audit_event where action = 'organization.create') as created,
      (select count(*)::int from audit_event where action = 'organization.create' and actor_name = 'System') as "createdBySystem"`;
    const progress: number[] = [];
    const onProgress = (done: number) => progress.push(done);
    await growFleet(keyward.services, { organizations: 1_000, now, onProgress });
    const grown = {
      organizations: 1_000,
      names: 1_000,
      providers: 5,
      slots: 2_000,
      created: 1_000,
      createdBySystem: 700,
    };
    expect(await keyward.database.query(counting)).toEqual([grown]);
    expect(progress).toEqual([1_000]);
    const slots = await allSlots(fleet);
    const filled = slots.filter(({ fingerprint }) => fingerprint !== null);
    expect(await countOpening(fleet, filled)).toBe(filled.length);
    const enabled = slots.filter((slot) => slot.kind === 'CLOUD_SERVICE' && apiKeyStatus(slot, now) === 'ENABLED');
    expect(enabled.length / 1_000).toBeGreaterThan(0.6);
    expect(enabled.length / 1_000).toBeLessThan(0.8);
    await growFleet(keyward.services, { organizations: 1_000, now });
    await growFleet(keyward.services, { organizations: 10, now });
    expect(await keyward.database.query(counting)).toEqual([grown]);
  });

  test('goes past names and external ids that somebody has taken', async () => {
    await using fleet = await openSeededFleet();
    const { keyward } = fleet;
    const { now } = fleet.options;
    await keyward.database.query(
      `update organization set external_id = 'C-' || (11000 + n.row)
       from (select id, row_number() over (partition by provider_id order by id) as row from organization) n
       where n.id = organization.id and n.row <= 40`,
    );
    await growFleet(keyward.services, { organizations: 1_050, now });
    expect(await keyward.database.query('select count(*)::int as organizations from organization')).toEqual([
      { organizations: 1_050 },
    ]);
  });
});
