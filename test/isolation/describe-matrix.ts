import { test as base, describe, expect } from 'vitest';
import { mailOptions } from '../support/mails.ts';
import { openTestInstallation } from '../support/test-installation.ts';
import { createCallers } from './callers.ts';
import type { Phase } from './cells.ts';
import type { Lines } from './lines.ts';
import { type Report, runMatrix } from './matrix.ts';
import { relations } from './things.ts';
import { inProcess } from './transport.ts';
import { createWorld } from './world.ts';

const LONGEST_MS = 300_000;

/** `npm run test:isolation` has every caller ask also where one of the two lines is taken away. */
const isWhole = process.env['KEYWARD_ISOLATION'] === 'whole';
/** Else, of those who see least and most at each level, one. */
const FEW = ['PROVIDER_VIEWER', 'ORG_ADMIN', 'delegate', 'PLATFORM_SUPPORT'];

/** Every field × caller × relation, in a world of its own. */
async function matrixOf(lines: Lines, phases: readonly Phase[]): Promise<Report> {
  await using keyward = await openTestInstallation({ logLevel: 'info', mail: mailOptions('smtp://127.0.0.1:1') });
  const world = await createWorld(keyward);
  const isAsShipped = lines.services && lines.rows;
  const callers = (await createCallers(world)).filter(({ name }) => isWhole || isAsShipped || FEW.includes(name));
  const report = await runMatrix(world, inProcess(world, lines), { callers, relations, phases, deepest: 3 });
  const names = new Set(callers.map(({ name }) => name));
  console.info(
    `isolation, ${JSON.stringify(lines)}: ${names.size} callers, ${report.cells} requests, ${report.leaks.length} leaks`,
  );
  return report;
}

/** What holds with either line of isolation alone, and with both. @returns a test that is given the same report */
export function describeMatrix(title: string, lines: Lines, phases: readonly Phase[]) {
  const test = base.extend('report', { scope: 'file' }, () => matrixOf(lines, phases));
  describe(title, { timeout: LONGEST_MS }, () => {
    test('nothing is told of a tenant out of sight', ({ report }) => {
      expect(report.leaks).toEqual([]);
      expect([...report.betrayed]).toEqual([]);
    });

    test('nothing out of sight is counted', ({ report }) => {
      expect(report.wrongCounts).toEqual([]);
    });

    test('what is out of sight answers as what does not exist', ({ report }) => {
      expect(report.toldApart).toEqual([]);
    });

    test('nothing out of sight is changed', ({ report }) => {
      expect(report.changes).toEqual([]);
    });
  });
  return test;
}
