import { describe, expect } from 'vitest';
import { test } from '../../support/seeded-fleet.ts';

describe('the calls of the demo fleet', () => {
  test('add up: what a window has used is what its hours and days tell, and never over the threshold', async ({
    fleet,
  }) => {
    const [sums] = await fleet.keyward.database.query(`
      with told as (
        select c.*, case when c.hour >= c.window_start then c.hour_calls else 0 end
          + coalesce((select sum(h.calls) from usage_hour h where h.organization_id = c.organization_id
              and h.kind = c.kind and h.hour >= c.window_start), 0)
          + coalesce((select sum(d.calls) from usage_day d where d.organization_id = c.organization_id
              and d.kind = c.kind and d.day >= c.window_start), 0) as in_window
        from usage_counter c)
      select count(*)::int > 200 as many, bool_and(used = in_window) as "addUp",
        bool_and(threshold is null or used <= threshold) as "withinThreshold",
        bool_and(last_used_at <= now() and last_used_at >= hour) as "inThePast",
        count(*) filter (where used * 100 >= threshold * 75) > 3 as "someAreNear"
      from told`);
    expect(sums).toEqual({ many: true, addUp: true, withinThreshold: true, inThePast: true, someAreNear: true });
  });

  test('stop at the call that was over the threshold', async ({ fleet }) => {
    const [over] = await fleet.keyward.database.query(`
      select count(*)::int > 0 as some, bool_and(c.used = c.threshold) as "areUsedUp"
      from disablement d join usage_counter c on c.organization_id = d.organization_id and c.kind = d.kind
      where d.source = 'CALL_THRESHOLD'
        and not exists (select from disablement o where o.organization_id = d.organization_id and o.at < d.at)`);
    expect(over).toEqual({ some: true, areUsedUp: true });
  });
});
