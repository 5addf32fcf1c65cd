import { describe, expect } from 'vitest';
import { allSlots, test } from '../../support/seeded-fleet.ts';

describe('the history of the demo fleet', () => {
  test('tells nothing of the future, nothing out of order, and two years of the past', async ({ fleet }) => {
    const { keyward } = fleet;
    const { now } = fleet.options;
    const [row] = await keyward.database.query<Record<string, number>>(
      `select
         (select count(*)::int from audit_event where at > $1) as "futureEvents",
         (select count(*)::int from api_key where last_modified_at > $1) as "futureKeys",
         (select count(*)::int from api_key where created_at > last_modified_at) as "reversedKeys",
         (select count(*)::int from api_key k join organization o on o.id = k.organization_id where k.last_modified_at < o.created_at) as "earlyKeys",
         (select count(*)::int from disablement where at > $1) as "futureDisablements",
         (select count(*)::int from audit_event e join organization o on o.id = e.organization_id where e.at < o.created_at) as "earlyEvents",
         (select count(*)::int from organization where created_at < $1::timestamptz - interval '600 days') as old,
         (select count(*)::int from organization where created_at > $1::timestamptz - interval '60 days') as young`,
      [now],
    );
    const { old = 0, young = 0, ...wrong } = row ?? {};
    expect(Object.values(wrong)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(old).toBeGreaterThan(20);
    expect(young).toBeGreaterThan(20);
  });

  test('has an audit trail that ends where each key is, and names people who exist', async ({ fleet }) => {
    const { keyward } = fleet;
    const latest = await keyward.database.query<{ organizationId: string; after: string }>(
      `select distinct on (organization_id, after::jsonb ->> 'kind') organization_id as "organizationId", after
       from audit_event where after::jsonb ? 'fingerprint' order by organization_id, after::jsonb ->> 'kind', at desc`,
    );
    const slots = await allSlots(fleet);
    for (const { organizationId, after } of latest) {
      const { kind, version, fingerprint } = JSON.parse(after);
      const slot = slots.find((candidate) => candidate.organizationId === organizationId && candidate.kind === kind);
      expect(slot).toMatchObject({ version, fingerprint });
    }
    expect(latest.length).toBeGreaterThan(150);
    const [row] = await keyward.database.query<Record<string, number>>(
      `select
         (select count(*)::int from organization o where not exists (select from audit_event e
            where e.organization_id = o.id and e.action = 'organization.create')) as "withoutCreation",
         (select count(*)::int from audit_event e where e.actor_id is not null
            and not exists (select from staff_member m where m.id = e.actor_id)) as "byNobody",
         (select count(*)::int from api_key k where k.last_modified_by_id is not null
            and not exists (select from staff_member m where m.id = k.last_modified_by_id)) as "modifiedByNobody",
         (select count(*)::int from disablement d where d.by_id is not null
            and not exists (select from staff_member m where m.id = d.by_id and m.display_name = d.by_name)) as "disabledByNobody"`,
    );
    expect(row).toEqual({ withoutCreation: 0, byNobody: 0, modifiedByNobody: 0, disabledByNobody: 0 });
    const actions = await keyward.database.query<{ action: string; result: string }>(
      'select distinct action, result from audit_event',
    );
    const seen = actions.map(({ action, result }) => `${action} ${result}`);
    for (const action of [
      'auth.login',
      'service_provider.create',
      'organization.create',
      'subscription.apply',
      'subscription.start',
      'subscription.renew',
      'subscription.cancel',
      'api_key.edit',
      'api_key.regenerate',
      'api_key.delete',
      'api_key.reveal',
      'api_key.disable',
      'api_key.enable',
    ])
      expect(seen).toContain(`${action} OK`);
    expect(seen).toContain('api_key.regenerate KEY_DISABLED');
    expect(seen).toContain('api_key.regenerate SUBSCRIPTION_EXPIRED');
  });
});
