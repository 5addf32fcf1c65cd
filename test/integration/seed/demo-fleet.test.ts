import { describe, expect } from 'vitest';
import { apiKeyStatus, disablementSources } from '../../../src/api-key/api-key.ts';
import { isEmpty } from '../../../src/seed/seed-demo.ts';
import { subscriptionStatus } from '../../../src/subscription/subscription.ts';
import { allSlots, countOpening, test } from '../../support/seeded-fleet.ts';

const DAY_MS = 86_400_000;

describe('the demo fleet', () => {
  test('has two root providers with three resellers, and 300 organizations spread over all five', async ({ fleet }) => {
    const { keyward } = fleet;
    expect(await isEmpty(keyward.services)).toBe(false);
    const rows = await keyward.database.query<{ isRoot: boolean; baseUrl: string | null; organizations: number }>(
      `select p.parent_id is null as "isRoot", p.base_url as "baseUrl",
         (select count(*)::int from organization o where o.provider_id = p.id) as organizations from service_provider p`,
    );
    expect(rows.filter(({ isRoot }) => isRoot)).toHaveLength(2);
    expect(rows).toHaveLength(5);
    expect(rows.filter(({ baseUrl }) => baseUrl !== null)).toHaveLength(1);
    expect(rows.reduce((sum, { organizations }) => sum + organizations, 0)).toBe(300);
    expect(Math.min(...rows.map(({ organizations }) => organizations))).toBeGreaterThanOrEqual(30);
  });

  test('has names as the console must bear them: 120 characters, right-to-left, many scripts, unique at each provider', async ({
    fleet,
  }) => {
    const { keyward } = fleet;
    const rows = await keyward.database.query<{ name: string; place: string; externalId: string | null }>(
      'select name, provider_id || name_folded as place, external_id as "externalId" from organization',
    );
    const names = rows.map(({ name }) => name);
    expect(Math.max(...names.map((name) => name.length))).toBe(120);
    for (const script of [
      'Latin',
      'Arabic',
      'Hebrew',
      'Han',
      'Hangul',
      'Katakana',
      'Cyrillic',
      'Greek',
      'Thai',
      'Devanagari',
    ]) {
      expect(
        names.filter((name) => new RegExp(`\\p{Script=${script}}`, 'u').test(name)),
        script,
      ).not.toHaveLength(0);
    }
    expect(new Set(rows.map(({ place }) => place)).size).toBe(300);
    expect(rows.filter(({ externalId }) => externalId?.match(/^C-\d{5}$/)).length).toBeGreaterThan(150);
    expect(rows.filter(({ externalId }) => externalId === null).length).toBeGreaterThan(50);
  });

  test('shows every state that the rules know, and most organizations work', async ({ fleet }) => {
    const { keyward } = fleet;
    const { now } = fleet.options;
    const counts = new Map<string, number>();
    const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
    for (const slot of await allSlots(fleet)) {
      const { kind, subscription, fingerprint, lastModifiedAt } = slot;
      if (kind === 'SANDBOX_SUBMISSION') {
        if (fingerprint !== null) count('sandbox key');
        continue;
      }
      count(`key ${apiKeyStatus(slot, now)}`);
      count(`disabled by ${disablementSources(slot, now).sort().join(' and ') || 'nothing'}`);
      if (fingerprint === null && lastModifiedAt !== null) count('deleted');
      if (fingerprint === null && slot.disabledBy.length > 0) count('disabled without a key');
      const status = subscription === null ? 'NONE' : subscriptionStatus(subscription, now);
      count(
        `subscription ${status}${status === 'SCHEDULED' && subscription?.previousEndedAt ? ' after an ended one' : ''}`,
      );
      const daysLeft = subscription === null ? 0 : (subscription.endsAt.getTime() - now.getTime()) / DAY_MS;
      if (daysLeft > 0 && daysLeft <= 7) count('ends within 7 days');
      if (daysLeft > 7 && daysLeft <= 30) count('ends within 30 days');
    }
    const least = {
      'key ENABLED': 190,
      'key DISABLED': 70,
      'key NONE': 20,
      'sandbox key': 10,
      deleted: 6,
      'disabled without a key': 3,
      'disabled by SERVICE_PROVIDER': 15,
      'disabled by PLATFORM': 7,
      'disabled by CALL_THRESHOLD': 9,
      'disabled by PLATFORM and SERVICE_PROVIDER': 1,
      'disabled by CALL_THRESHOLD and SERVICE_PROVIDER': 1,
      'disabled by SERVICE_PROVIDER and SUBSCRIPTION_EXPIRED': 3,
      'disabled by SUBSCRIPTION_EXPIRED': 30,
      'subscription NONE': 11,
      'subscription SCHEDULED': 9,
      'subscription SCHEDULED after an ended one': 6,
      'subscription EXPIRED': 31,
      'subscription ACTIVE': 200,
      'ends within 7 days': 10,
      'ends within 30 days': 20,
    };
    for (const [what, expected] of Object.entries(least))
      expect(counts.get(what) ?? 0, what).toBeGreaterThanOrEqual(expected);
    const periods = await keyward.database.query<{ period: string }>(
      'select distinct threshold_period::text as period from subscription where threshold_period is not null order by 1',
    );
    expect(periods.map(({ period }) => period)).toEqual(['DAY', 'HOUR', 'MONTH']);
  });

  test('has groups that share a string, as large as 40, 12, 5 and 2, and no string shared by chance', async ({
    fleet,
  }) => {
    const { keyward } = fleet;
    const groups = await keyward.database.query<{ size: number }>(
      `select count(*)::int as size from api_key where fingerprint is not null
       group by root_provider_id, fingerprint having count(*) > 1 order by 1 desc`,
    );
    expect(groups.map(({ size }) => size)).toEqual([40, 12, 5, 2]);
  });

  test('holds keys that all open to the fingerprint and last four that are told of them', async ({ fleet }) => {
    const filled = (await allSlots(fleet)).filter(({ fingerprint }) => fingerprint !== null);
    expect(await countOpening(fleet, filled)).toBe(filled.length);
  });
});
