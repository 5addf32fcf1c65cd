import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChainedEvent, canonical, firstHash, nextHash } from '../../../src/audit/audit-chain.ts';
import { type Id, PLATFORM_ROOT_ID } from '../../../src/ids.ts';

const root = '01939c2e-5c00-7000-8000-000000000001' as Id<'ServiceProvider'>;

const event: ChainedEvent = {
  rootProviderId: root,
  id: '01939c2e-5c00-7000-8000-000000000002',
  at: new Date('2026-11-21T03:17:27.677Z'),
  action: 'api_key.edit',
  actorId: '01939c2e-5c00-7000-8000-000000000003',
  actorName: 'Ada "the admin" Löwe',
  actorRole: 'PROVIDER_ADMIN',
  onBehalfOf: null,
  providerPath: [root, '01939c2e-5c00-7000-8000-000000000004'],
  organizationId: '01939c2e-5c00-7000-8000-000000000005',
  target: null,
  result: 'OK',
  before: '{"status":"ENABLED"}',
  after: '{"status":"DISABLED"}',
  note: 'line one\nline two',
  ipAddress: '192.0.2.1',
  requestId: '01939c2e-5c00-7000-8000-000000000006',
};

/** Worked out by hand: what was sealed once must give the same hash for ever. */
const TEXT =
  '["keyward-audit-event/1","01939c2e-5c00-7000-8000-000000000001","01939c2e-5c00-7000-8000-000000000002",' +
  '"2026-11-21T03:17:27.677Z","api_key.edit","01939c2e-5c00-7000-8000-000000000003","Ada \\"the admin\\" Löwe",' +
  '"PROVIDER_ADMIN",null,["01939c2e-5c00-7000-8000-000000000001","01939c2e-5c00-7000-8000-000000000004"],' +
  '"01939c2e-5c00-7000-8000-000000000005",null,"OK","{\\"status\\":\\"ENABLED\\"}","{\\"status\\":\\"DISABLED\\"}",' +
  '"line one\\nline two","192.0.2.1","01939c2e-5c00-7000-8000-000000000006"]';

describe('the hash of a link', () => {
  test('is that of the hash before it and the event, in these very bytes', () => {
    expect(canonical(event)).toBe(TEXT);
    const byHand = createHash('sha256')
      .update(Buffer.concat([firstHash(root), Buffer.from(TEXT)]))
      .digest('hex');
    expect(nextHash(firstHash(root), event).toString('hex')).toBe(byHand);
  });

  test('is the same as it always was', () => {
    expect(firstHash(root).toString('hex')).toBe('7481376873e6a332db88e2b6b1df519e41a50b3060cfdb2cf8ddf6b923ad9696');
    expect(firstHash(PLATFORM_ROOT_ID).toString('hex')).toBe(
      '2ee9ad30737ea320f33b6905b952dca2b095c6816286e496e0f3826b2fa2f332',
    );
    expect(nextHash(firstHash(root), event).toString('hex')).toBe(
      '18542b871555300a7584d1d72f88e23a204555714a3806cff0abd408d028303a',
    );
  });

  test('is another one for every change of any column', () => {
    const text = fc.oneof(fc.constant(null), fc.constant(''), fc.string({ unit: 'binary', maxLength: 5 }));
    const change = fc.oneof(
      fc.record({ at: fc.oneof(fc.date({ noInvalidDate: true }), fc.constantFrom(Infinity, -Infinity)) }),
      fc.record({ providerPath: fc.array(fc.constantFrom(root, PLATFORM_ROOT_ID), { maxLength: 3 }) }),
      fc
        .tuple(
          fc.constantFrom(
            ...(Object.keys(event) as (keyof ChainedEvent)[]).filter((key) => !['at', 'providerPath'].includes(key)),
          ),
          text,
        )
        .map(([column, value]) => ({ [column]: value })),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), fc.array(change, { maxLength: 3 }), (one, other) => {
        const [a, b] = [one, other].map((changes) => Object.assign({ ...event }, ...changes) as ChainedEvent);
        if (a === undefined || b === undefined) throw new Error('two');
        const isSame = nextHash(firstHash(root), a).equals(nextHash(firstHash(root), b));
        expect(isSame).toBe(JSON.stringify(inFull(a)) === JSON.stringify(inFull(b)));
      }),
      { numRuns: 2000 },
    );
  });

  test('is another one behind another hash', () => {
    expect(nextHash(firstHash(root), event)).not.toEqual(nextHash(firstHash(PLATFORM_ROOT_ID), event));
  });
});

/** JSON has one null for every number that is no number. */
function inFull(changed: ChainedEvent): unknown[] {
  return Object.values({ ...changed, at: changed.at instanceof Date ? changed.at : String(changed.at) });
}
