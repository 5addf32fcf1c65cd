import { setImmediate as pause } from 'node:timers/promises';
import type { RequestContext } from '../../src/context.ts';
import { analyze } from '../../src/database/analyze.ts';
import { receiveFile } from '../../src/http/received-file.ts';
import type { ServiceProviderRef } from '../../src/ids.ts';
import { readImport } from '../../src/organization-file/read-import.service.ts';
import { runImport } from '../../src/organization-file/run-import.service.ts';
import { startImport } from '../../src/organization-file/start-import.service.ts';

const LINES_A_CHUNK = 500;

/** New organizations, each with a subscription. @param name what their names and external ids begin with */
export async function* organizationFile(name: string, rows: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield Buffer.from('name,externalId,plan,startsAt,endsAt,callThreshold,thresholdPeriod\n');
  for (let at = 0; at < rows; at += LINES_A_CHUNK) {
    const numbers = Array.from({ length: Math.min(LINES_A_CHUNK, rows - at) }, (_, index) => at + index);
    yield Buffer.from(
      numbers.map((n) => `${name} ${n} GmbH,${name}-${n},API Business,,2100-01-01,1000,DAY\n`).join(''),
    );
    await pause();
  }
}

export interface How {
  readonly what: string;
  readonly atomicity: 'ALL_OR_NOTHING' | 'PER_ORGANIZATION';
  readonly dryRun: boolean;
  readonly outcome: 'changed' | 'unchanged';
}

export const ALL_OR_NOTHING: How = {
  what: 'all or nothing',
  atomicity: 'ALL_OR_NOTHING',
  dryRun: false,
  outcome: 'changed',
};

/** @returns the seconds that it took to take the file in, and to run the import */
export async function importInto(
  { ownerUrl }: { readonly ownerUrl: string },
  context: () => RequestContext,
  provider: ServiceProviderRef,
  rows: number,
  { what, atomicity, dryRun, outcome }: How,
): Promise<{ readonly kept: number; readonly run: number }> {
  const [received, source] = await timed(() => receiveFile(organizationFile(`Customer ${rows}`, rows)));
  await using _ = source;
  const input = { serviceProvider: provider, atomicity, dryRun, idempotencyKey: null, file: source };
  const [kept, ref] = await timed(() => startImport(context(), input));
  const [run] = await timed(() => runImport(context(), ref, undefined, () => analyze(ownerUrl)));
  const operation = await readImport(context(), ref);
  if (operation[outcome] !== rows) throw new Error(`the ${what} ended as ${operation.status}: ${operation.failure}`);
  return { kept: received + kept, run };
}

async function timed<Result>(work: () => Promise<Result>): Promise<[number, Result]> {
  const startedAt = performance.now();
  const result = await work();
  return [(performance.now() - startedAt) / 1000, result];
}
