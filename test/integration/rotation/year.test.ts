import { test as base, expect } from 'vitest';
import { runBulkOperation } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import type { OrganizationRef, ServiceProviderRef } from '../../../src/ids.ts';
import { createOrganizationGroup } from '../../../src/organization-group/organization-group.service.ts';
import { announceRotations } from '../../../src/rotation/announce-rotations.service.ts';
import { forgetOldStrings } from '../../../src/rotation/end-key-overlap.service.ts';
import { rotateDueKeys } from '../../../src/rotation/rotate-due-keys.service.ts';
import type { RotationTerms } from '../../../src/rotation/rotation-policy.ts';
import { settleRotationPolicies } from '../../../src/rotation/settle-policies.service.ts';
import { createKeyWorld, type KeyWorld } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { allowOverlap, createPolicy } from '../../support/rotation-policies.ts';
import { openTestInstallation } from '../../support/test-installation.ts';

/** `npm run test:year` asks for all of it. */
const DAYS = Number(process.env['KEYWARD_ROTATION_DAYS'] ?? 45);
const SCALE = DAYS >= 365 ? 1 : 0.2;
const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

const test = base.extend('world', { scope: 'file' }, async ({}, { onCleanup }) => {
  const keyward = await openTestInstallation();
  onCleanup(() => keyward[Symbol.asyncDispose]());
  return createKeyWorld(keyward);
});

type Terms = Pick<RotationTerms, 'name' | 'maximumAgeDays' | 'mode' | 'window' | 'noticeDays'>;

/** The clock jumps by so much at most. */
const LONGEST_STEP_MS = 180 * MINUTE_MS;
const policies = {
  weekly: {
    ...{ name: 'weekly', maximumAgeDays: 30, mode: 'AUTOMATIC', noticeDays: [7, 1] },
    window: { days: [7], fromHour: 1, toHour: 5, timeZone: 'Europe/Berlin' },
  },
  shared: {
    ...{ name: 'shared', maximumAgeDays: 40, mode: 'AUTOMATIC', noticeDays: [14, 3] },
    window: { days: [1, 2, 3, 4, 5, 6, 7], fromHour: 22, toHour: 3, timeZone: 'America/New_York' },
  },
  told: {
    ...{ name: 'told', maximumAgeDays: 35, mode: 'NOTIFY', noticeDays: [20, 10] },
    window: { days: [1, 3], fromHour: 9, toHour: 17, timeZone: 'Asia/Kolkata' },
  },
  often: {
    ...{ name: 'often', maximumAgeDays: 12, mode: 'AUTOMATIC', noticeDays: [2] },
    window: { days: [2, 4], fromHour: 2, toHour: 6, timeZone: 'Australia/Lord_Howe' },
  },
  own: {
    ...{ name: 'own', maximumAgeDays: 7, mode: 'AUTOMATIC', noticeDays: [] },
    window: { days: [1, 2, 3, 4, 5, 6, 7], fromHour: 23, toHour: 4, timeZone: 'Pacific/Chatham' },
  },
} as const satisfies Record<string, Terms>;
type Name = keyof typeof policies;

/** Each organization with the policy that has to hold for it. */
async function prepare(world: KeyWorld, now: Date): Promise<Map<string, Name>> {
  const { services, database } = world.keyward;
  const { reseller, otherReseller, root, foreignRoot } = world.tenants;
  const fleet = (provider: ServiceProviderRef, count: number) =>
    insertKeyedFleet(services, database.query, provider, Math.round(count * SCALE));
  const [weekly, shared, told] = [
    await fleet(reseller, 500),
    await fleet(otherReseller, 300),
    await fleet(foreignRoot, 200),
  ];
  await database.query(`update subscription set ends_at = now() + interval '5 years'`);
  const [often, own] = [weekly.slice(0, 20), weekly.slice(15, 20)];
  await allowOverlap(world, reseller);
  await createPolicy(world, root, { ...policies.weekly, maximumAgeDays: 3, noticeDays: [1], name: 'too far' }, { now });
  await createPolicy(world, reseller, { ...policies.weekly, overlapMinutes: 600 }, { now });
  await createPolicy(world, otherReseller, { ...policies.shared, sharedString: true }, { now });
  await createPolicy(world, foreignRoot, policies.told, { now });
  for (const [name, more] of [
    ['often', policies.often],
    ['less often', { ...policies.often, maximumAgeDays: 20 }],
  ] as const) {
    const group = await createOrganizationGroup(world.as(world.platformAdmin), {
      ...{ serviceProvider: reseller, name, members: often, filter: null, idempotencyKey: null },
    });
    await createPolicy(world, group, { ...more, name }, { now });
  }
  for (const organization of own) await createPolicy(world, organization, policies.own, { now });
  const named = (refs: readonly OrganizationRef[], name: Name) =>
    refs.map((ref) => [ref.organizationId, name] as const);
  return new Map<string, Name>([
    ...[...named(weekly, 'weekly'), ...named(shared, 'shared'), ...named(told, 'told')],
    ...[...named(often, 'often'), ...named(own, 'own')],
  ]);
}

/** By the digits that a clock on the wall shows. */
function isInWindow({ window }: Terms, at: Date): boolean {
  const wall = new Date(`${at.toLocaleString('sv-SE', { timeZone: window.timeZone }).replace(' ', 'T')}Z`);
  const [day, hour] = [wall.getUTCDay() || 7, wall.getUTCHours()];
  const days: readonly number[] = window.days;
  const dayBefore = day === 1 ? 7 : day - 1;
  if (window.fromHour < window.toHour) return days.includes(day) && hour >= window.fromHour && hour < window.toHour;
  return (days.includes(day) && hour >= window.fromHour) || (days.includes(dayBefore) && hour < window.toHour);
}

interface Told {
  readonly action: string;
  readonly at: Date;
  readonly organization: string;
  readonly note: string | null;
  readonly version: number;
  readonly fingerprint: string;
  readonly planned: string | null;
  readonly lead: number | null;
}

test(`over ${DAYS} days every rotation is in its window, and every notice comes once, before it`, {
  timeout: 600_000,
}, async ({ world }) => {
  const { services, database } = world.keyward;
  const start = new Date(Date.now() + MINUTE_MS);
  const policyOf = await prepare(world, start);
  const ids = [...policyOf.keys()];
  // No initial age is so high that the time of its notices has passed.
  await database.query(
    `update api_key set last_modified_at = $1::timestamptz - (random() * 5) * interval '24 hours' where organization_id = any ($2)`,
    [start, ids],
  );
  const modified = new Map(
    (
      await database.query<{ id: string; at: Date }>(
        `select organization_id as id, last_modified_at as at from api_key where organization_id = any ($1) and kind = 'CLOUD_SERVICE'`,
        [ids],
      )
    ).map(({ id, at }) => [id, new Date(at)]),
  );
  const end = start.getTime() + DAYS * DAY_MS;
  let seed = 42;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  let ticks = 0;
  for (
    let now = start;
    now.getTime() < end;
    now = new Date(now.getTime() + (20 + Math.floor(random() * 160)) * MINUTE_MS)
  ) {
    if (ticks++ % 50 === 0) await settleRotationPolicies(services, now);
    await announceRotations(services, now);
    await Promise.all(
      (await rotateDueKeys(services, now)).map((ref) => runBulkOperation(services, ref, undefined, () => now)),
    );
    if (ticks % 20 === 0) await forgetOldStrings(services, now);
  }
  const told = (
    await database.query<Told>(
      `select action, at, organization_id as organization, note, (after::json->>'version')::int as version,
         after::json->>'fingerprint' as fingerprint, after::json->>'plannedAt' as planned,
         (after::json->>'leadDays')::int as lead
       from audit_event where action in ('api_key.regenerate', 'api_key.sync', 'api_key.notice_rotation')
         and organization_id = any ($1) order by at`,
      [ids],
    )
  ).map((row) => ({ ...row, at: new Date(row.at) }));
  const rotations = told.filter(({ action }) => action !== 'api_key.notice_rotation');
  const notices = told.filter(({ action }) => action === 'api_key.notice_rotation');
  expect(rotations.length).toBeGreaterThan(ids.length * (DAYS / 60));
  const noticeKeys = notices.map(({ organization, version, lead }) => `${organization} ${version} ${lead}`);
  expect(new Set(noticeKeys).size).toBe(noticeKeys.length);
  const noticesOf = Map.groupBy(notices, ({ organization, version }) => `${organization} ${version}`);
  for (const { organization, at, note, version } of rotations) {
    const name = policyOf.get(organization) ?? 'told';
    const policy: Terms = policies[name];
    expect(note).toBe(`Rotation policy: ${name}`);
    expect(policy.mode).toBe('AUTOMATIC');
    expect(isInWindow(policy, at), `${name} at ${at.toISOString()}`).toBe(true);
    const age = at.getTime() - (modified.get(organization)?.getTime() ?? 0);
    const gap = policy.window.days.length === 7 ? 1 : 7;
    expect(age).toBeLessThan((policy.maximumAgeDays + gap) * DAY_MS + 4 * 60 * MINUTE_MS);
    const before = noticesOf.get(`${organization} ${version - 1}`) ?? [];
    // Those on one string are rotated, and told of, with the first of them.
    if (name !== 'shared') expect(age).toBeGreaterThanOrEqual(policy.maximumAgeDays * DAY_MS);
    expect(before.map(({ lead }) => lead)).toEqual(policy.noticeDays);
    for (const notice of before) {
      const planned = new Date(notice.planned ?? 0).getTime();
      expect(at.getTime(), 'never before the time that was told').toBeGreaterThanOrEqual(planned);
      // A look that comes only after the window has closed leaves it to the next one.
      const wasCaught = isInWindow(policy, new Date(planned + LONGEST_STEP_MS));
      if (wasCaught) expect(at.getTime() - planned).toBeLessThan(6 * 60 * MINUTE_MS);
      const ahead = (notice.lead ?? 0) * DAY_MS - LONGEST_STEP_MS;
      expect(at.getTime() - notice.at.getTime()).toBeGreaterThan(ahead);
    }
    modified.set(organization, at);
  }
  for (const [organization, name] of policyOf) {
    const policy: Terms = policies[name];
    if (policy.mode === 'NOTIFY') continue;
    const age = end - (modified.get(organization)?.getTime() ?? 0);
    expect(age).toBeLessThan((policy.maximumAgeDays + 8) * DAY_MS);
  }
  const ofNotify = notices.filter(({ organization }) => policyOf.get(organization) === 'told');
  const told35 = [...policyOf.values()].filter((name) => name === 'told').length;
  expect(ofNotify).toHaveLength(told35 * policies.told.noticeDays.length);
  const shared = await database.query<{ count: number }>(
    `select count(distinct fingerprint)::int as count from api_key where kind = 'CLOUD_SERVICE' and organization_id = any ($1)`,
    [[...policyOf].filter(([, name]) => name === 'shared').map(([id]) => id)],
  );
  expect(shared).toEqual([{ count: 1 }]);
  console.log(
    `${DAYS} days, ${ids.length} organizations: ${rotations.length} rotations, ${notices.length} notices, ${ticks} ticks`,
  );
});
