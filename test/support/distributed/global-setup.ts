import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { databaseUrl, TEMPLATE_DATABASE } from '../test-database.ts';
import {
  asksPartByItself,
  gatheredApart,
  knownFanOuts,
  mayAskAll,
  onePerTenantButForThePlatform,
} from './known-fan-outs.ts';
import { STATEMENTS_DIRECTORY } from './recorded-statements.ts';
import { distributeOverStandIn } from './stand-in-database.ts';
import { StatementCheck, type Verdict } from './statement-check.ts';

/**
 * Every test's database has its tables distributed by the tenant, and after the run every statement that was sent, put together from filters or not, is looked at: one that does not belong on a cluster fails the run.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const template = databaseUrl(project.getProvidedContext().postgresUrl, TEMPLATE_DATABASE);
  await distributeOverStandIn(template);
  const directory = await mkdtemp(join(tmpdir(), 'keyward-statements-'));
  process.env[STATEMENTS_DIRECTORY] = directory;
  return async () => {
    try {
      await lookAtStatements(template, await readStatements(directory));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  };
}

async function readStatements(directory: string): Promise<Set<string>> {
  const texts = new Set<string>();
  for (const name of await readdir(directory)) {
    const lines = (await readFile(join(directory, name), 'utf8')).trim().split('\n');
    for (const line of lines) texts.add(String(JSON.parse(line)));
  }
  return texts;
}

async function lookAtStatements(template: string, texts: ReadonlySet<string>): Promise<void> {
  await using check = await StatementCheck.open(template);
  const complaints: string[] = [];
  const counts = new Map<Verdict['reach'], number>();
  for (const text of texts) {
    const name = /^\/\* (\S+) \*\//.exec(text)?.[1] ?? text;
    const verdict = await check.check({ name, text });
    counts.set(verdict.reach, (counts.get(verdict.reach) ?? 0) + 1);
    complaints.push(...complaintsOf(verdict));
  }
  const summary = [...counts].map(([reach, count]) => `${count} ${reach}`).join(', ');
  process.stdout.write(`Statements on distributed tables: ${texts.size} (${summary})\n`);
  if (complaints.length > 0) throw new Error(`These do not belong on a cluster:\n${complaints.join('\n')}`);
}

function complaintsOf({ name, reach, refusals }: Verdict): string[] {
  const isKnown = (names: readonly string[]) => names.includes(name);
  const mayAsk = mayAskAll(name);
  const complaints =
    gatheredApart.includes(name) || asksPartByItself(name) ? [] : refusals.map((refusal) => `${name}: ${refusal}`);
  if (reach === 'ALL' && !mayAsk && !Object.values(knownFanOuts).some(isKnown)) {
    complaints.push(`${name}: it asks all machines, without being among the known fan-outs`);
  }
  if (reach === 'ALL_FOR_PLATFORM' && !mayAsk && !isKnown(onePerTenantButForThePlatform)) {
    complaints.push(`${name}: it asks all machines when no tenant is given`);
  }
  return complaints;
}
