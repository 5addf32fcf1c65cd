import { expect, vi } from 'vitest';
import { exportAuditEvents } from '../../../src/audit/export-audit.service.ts';
import { DomainError } from '../../../src/errors.ts';
import { newAuditedRoot, recordEvents } from '../../support/audit-trail.ts';
import { test } from '../../support/key-world.ts';

const EVERYTHING = {
  serviceProvider: null,
  organization: null,
  actorId: null,
  actions: null,
  refused: null,
  since: null,
  until: null,
};

test('an export breaks off when its reader is signed out, or may not see the trail any more', async ({ world }) => {
  await recordEvents(world.keyward.services, newAuditedRoot(), 4000);
  const ctx = world.as(world.platformSupport);
  const signedOut = new DomainError('UNAUTHENTICATED', 'Sign in.');
  for (const [authenticate, code] of [
    [() => Promise.reject(signedOut), 'UNAUTHENTICATED'],
    [() => Promise.resolve(world.as(world.providerViewer)), 'FORBIDDEN'],
  ] as const) {
    const asked = vi.fn(authenticate);
    const pages = await exportAuditEvents(ctx, { filter: EVERYTHING, format: 'csv', authenticate: asked });
    expect((await pages.next()).value?.length).toBe(1000);
    expect((await pages.next()).value?.length).toBe(1000);
    expect(asked).not.toHaveBeenCalled();
    const now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now + 1000);
    await expect(pages.next()).rejects.toMatchObject({ code });
    clock.mockRestore();
    expect(asked).toHaveBeenCalledOnce();
  }
});

test('an export ends at the moment when it was asked for', async ({ world }) => {
  const { services } = world.keyward;
  const ctx = world.as(world.platformSupport);
  await recordEvents(services, newAuditedRoot(), 10);
  const pages = await exportAuditEvents(
    { ...ctx, now: new Date(Date.now() - 60_000) },
    {
      filter: { ...EVERYTHING, until: new Date(Date.now() + 60_000) },
      format: 'csv',
      authenticate: () => Promise.reject(new Error('not asked')),
    },
  );
  const first = await pages.next();
  expect(first).toEqual({ done: true, value: undefined });
});
