import { expect } from 'vitest';
import { openTestInstallation } from '../support/test-installation.ts';
import { createCallers } from './callers.ts';
import { lookUps, phases } from './cells.ts';
import { describeMatrix } from './describe-matrix.ts';
import { runMatrix } from './matrix.ts';
import { relations } from './things.ts';
import { inProcess } from './transport.ts';
import { createWorld } from './world.ts';

const test = describeMatrix('with every check of the services off', { services: false, rows: true }, phases);

test('what the services let through is refused by the database and by nobody else', ({ report }) => {
  expect(report.unforeseen.filter((error) => !error.includes('violates row-level security policy'))).toEqual([]);
});

test('with row-level security off as well, whatever can be named betrays what is out of sight', async () => {
  await using keyward = await openTestInstallation({ logLevel: 'info' });
  const world = await createWorld(keyward);
  const callers = (await createCallers(world)).filter(
    ({ name }) => name === 'PROVIDER_VIEWER' || name === 'ORG_VIEWER',
  );
  const neither = inProcess(world, { services: false, rows: false });
  const report = await runMatrix(world, neither, { callers, relations, phases: ['READS'], deepest: 3 });
  console.info(`isolation, neither line: ${report.cells} requests, ${report.leaks.length} leaks`);
  const asked = lookUps().filter((name) => !name.startsWith('Mutation.')); // commands are not among the reads
  expect(asked.filter((name) => !report.betrayed.has(name))).toEqual([]);
  expect(report.leaks.length).toBeGreaterThan(report.cells);
});
