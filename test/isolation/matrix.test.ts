import { test as base, describe, expect } from 'vitest';
import { openTestInstallation } from '../support/test-installation.ts';
import { runMatrix } from './matrix.ts';

const LONGEST_MS = 120_000;

const test = base.extend('report', { scope: 'file' }, async ({}, { onCleanup }) => {
  const keyward = await openTestInstallation();
  onCleanup(() => keyward[Symbol.asyncDispose]());
  const t = performance.now();
  const report = await runMatrix(keyward, { services: true, rows: true });
  console.info(`${report.fields} fields, ${report.callers} callers, ${report.cells} requests`, performance.now() - t);
  (await import('node:fs')).writeFileSync(
    '/tmp/iso-report.json',
    JSON.stringify(report, (k, v) => (v instanceof Set ? [...v] : v), 1),
  );
  return report;
});

describe('every field × every caller × every relation of tenants', () => {
  test('tells nothing of a tenant out of sight', { timeout: LONGEST_MS }, ({ report }) => {
    expect(report.leaks).toEqual([]);
    expect(report.wrongCounts).toEqual([]);
    expect(report.toldApart).toEqual([]);
    expect(report.wrongRefusals).toEqual([]);
    expect(report.changes).toEqual([]);
    expect(report.internalErrors).toEqual([]);
  });
});
