import { type Failure, SESSION_ENDED } from '../../../graphql/failure.ts';
import { delegation } from '../../../session/delegation.ts';
import { sessionState } from '../../../session/session-state.ts';
import { readCsv } from './read-csv.ts';

/** As `GET /imports/:operationId` says it. */
export interface ImportView {
  readonly operationId: string;
  readonly status: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'PARTIALLY_SUCCEEDED' | 'FAILED' | 'CANCELLED';
  readonly atomicity: Atomicity;
  readonly dryRun: boolean;
  readonly total: number;
  readonly done: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly failure: string | null;
  readonly finishedAt: string | null;
}

export type Atomicity = 'ALL_OR_NOTHING' | 'PER_ORGANIZATION';

export interface ImportOrder {
  readonly file: File;
  readonly serviceProviderId: string;
  readonly atomicity: Atomicity;
  readonly dryRun: boolean;
  /** The same one again does nothing twice. */
  readonly idempotencyKey: string;
}

/** Of a file that is broken as a whole also where. */
export interface ImportFailure extends Failure {
  readonly row: number | null;
  readonly column: string | null;
}

export type Answer<Value> =
  | { readonly isDone: true; readonly value: Value }
  | { readonly isDone: false; readonly failure: ImportFailure };

export interface RowError {
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
}

export interface ReportRow {
  readonly row: number;
  /** Empty of a row that was not come to. */
  readonly outcome: 'CHANGED' | 'UNCHANGED' | 'REFUSED' | '';
  readonly organizationId: string | null;
  readonly errors: readonly RowError[];
}

function headers(): HeadersInit {
  const id = delegation.get()?.id;
  return id === undefined ? {} : { 'x-keyward-delegation': id };
}

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly errors?: readonly {
    readonly message?: string;
    readonly extensions?: { readonly code?: string; readonly row?: number | null; readonly column?: string | null };
  }[];
}

async function failureOf(response: Response): Promise<ImportFailure> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  const [first] = body.errors ?? [];
  const code = body.code ?? first?.extensions?.code ?? 'INTERNAL';
  if (code === SESSION_ENDED && sessionState.get() === 'SIGNED_IN') sessionState.set('ENDED');
  return {
    code,
    message: body.message ?? first?.message ?? 'The server could not answer. Try again in a moment.',
    field: null,
    row: first?.extensions?.row ?? null,
    column: first?.extensions?.column ?? null,
  };
}

async function ask<Value>(request: () => Promise<Response>, read: (response: Response) => Promise<Value>) {
  try {
    const response = await request();
    if (response.ok) return { isDone: true, value: await read(response) } as const;
    return { isDone: false, failure: await failureOf(response) } as const;
  } catch {
    return { isDone: false, failure: unreachable() } as const;
  }
}

function unreachable(): ImportFailure {
  const where = { field: null, row: null, column: null };
  return navigator.onLine
    ? {
        ...where,
        code: 'UNREACHABLE',
        message: 'The file could not be sent. If it was changed since it was chosen, choose it again; else try again.',
      }
    : { ...where, code: 'OFFLINE', message: 'You are offline. Nothing is lost: try again when you are back.' };
}

/** Sends a file; the answer may come before it is imported. */
export function sendImport({ file, ...fields }: ImportOrder): Promise<Answer<ImportView>> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  form.append('file', file);
  return ask(
    () => fetch('/imports/organizations', { method: 'POST', body: form, headers: headers() }),
    (response) => response.json() as Promise<ImportView>,
  );
}

export function readImport(operationId: string): Promise<Answer<ImportView>> {
  return ask(
    () => fetch(`/imports/${encodeURIComponent(operationId)}`, { headers: headers() }),
    (response) => response.json() as Promise<ImportView>,
  );
}

export function reportAddressOf(operationId: string): string {
  return `/imports/${encodeURIComponent(operationId)}/report`;
}

/** What became of each row, by its number. */
export function readReport(operationId: string): Promise<Answer<ReadonlyMap<number, ReportRow>>> {
  return ask(
    () => fetch(reportAddressOf(operationId), { headers: headers() }),
    async (response) => toReport(await response.text()),
  );
}

function toReport(csv: string): ReadonlyMap<number, ReportRow> {
  const report = new Map<number, ReportRow>();
  let isHeader = true;
  for (const { cells } of readCsv(csv)) {
    const [row = '', outcome = '', organizationId = '', column = '', code = '', message = ''] = cells;
    if (!isHeader) {
      const known = report.get(Number(row));
      const error = code === '' ? [] : [{ column: column || null, code, message }];
      report.set(Number(row), {
        row: Number(row),
        outcome: outcome as ReportRow['outcome'],
        organizationId: organizationId || null,
        errors: [...(known?.errors ?? []), ...error],
      });
    }
    isHeader = false;
  }
  return report;
}
