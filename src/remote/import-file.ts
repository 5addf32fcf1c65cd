import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { SetupError } from '../setup-error.ts';
import { showProgress } from './progress.ts';
import type { Ask } from './remote-server.ts';

const ASK_EVERY_MS = 500;

export interface ImportOptions {
  /** Id of the provider that they are to belong to. */
  readonly provider: string;
  readonly dryRun: boolean;
  readonly rowByRow: boolean;
}

const importAnswer = z.object({
  operationId: z.string(),
  status: z.string(),
  total: z.number(),
  done: z.number(),
  changed: z.number(),
  unchanged: z.number(),
  refused: z.number(),
  failure: z.string().nullable(),
  finishedAt: z.string().nullable(),
});
type ImportAnswer = z.infer<typeof importAnswer>;

/** Where what is found goes. */
export interface ImportWriter {
  /** How it ended, in a line. */
  result(line: string): void;
  /** A line for each error of a row. */
  problem(line: string): void;
}

/**
 * Sends a file of organizations to the server, waits for the end, and says what became of it, every refused row included.
 * @returns whether all of it is imported, or would be
 * @throws SetupError
 */
export async function importFile(
  ask: Ask,
  path: string,
  options: ImportOptions,
  writer: ImportWriter,
): Promise<boolean> {
  const file = await openAsBlob(path, { type: 'text/csv' }).catch((cause: unknown) => {
    throw new SetupError(`The file ${path} cannot be read.`, { cause });
  });
  const form = new FormData();
  form.append('serviceProviderId', options.provider);
  form.append('atomicity', options.rowByRow ? 'PER_ORGANIZATION' : 'ALL_OR_NOTHING');
  form.append('dryRun', String(options.dryRun));
  form.append('file', file, basename(path));
  const started = importAnswer.parse(await (await ask('/imports/organizations', { form })).json());
  const ended = await untilFinished(ask, started);
  if (ended.refused > 0) await writeRefusals(ask, ended, writer);
  writer.result(`${summaryOf(ended, options)}\n`);
  return ended.status === 'SUCCEEDED';
}

async function untilFinished(ask: Ask, started: ImportAnswer): Promise<ImportAnswer> {
  const progress = showProgress('Importing', started.total);
  try {
    let current = started;
    while (current.finishedAt === null) {
      await wait(ASK_EVERY_MS);
      current = importAnswer.parse(await (await ask(`/imports/${current.operationId}`)).json());
      progress.show(current.done);
    }
    return current;
  } finally {
    progress.end();
  }
}

interface ReportLine {
  readonly row: string;
  readonly outcome: string;
  readonly column: string;
  readonly code: string;
  readonly message: string;
}

async function writeRefusals(ask: Ask, { operationId }: ImportAnswer, writer: ImportWriter): Promise<void> {
  const { body } = await ask(`/imports/${operationId}/report`);
  if (body === null) return;
  const lines: AsyncIterable<ReportLine> = Readable.from(body).pipe(parse({ columns: true }));
  for await (const { row, outcome, column, code, message } of lines) {
    if (outcome !== 'REFUSED') continue;
    writer.problem(`row ${row}${column === '' ? '' : `, ${column}`}: ${code}: ${message}\n`);
  }
}

function summaryOf({ status, changed, unchanged, refused, failure }: ImportAnswer, { dryRun }: ImportOptions): string {
  const counts = `${changed} ${dryRun ? 'to be ' : ''}created, ${unchanged} unchanged, ${refused} refused`;
  const why = failure === null ? '' : ` ${failure}`;
  return `${dryRun ? 'Dry run: ' : ''}${status}: ${counts}.${why}`;
}
