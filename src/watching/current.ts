import { AsyncLocalStorage } from 'node:async_hooks';
import { newId } from '../ids.ts';
import type { Span, SpanDetails, Tracer } from './span.ts';

/** What the program is doing: a request, or a run of something in the background. */
export interface Doing {
  /** What log lines, audit rows and the answer have in common. */
  readonly requestId: string;
  /** Of the background: what is run. */
  readonly job?: string;
  readonly span: Span | null;
}

const storage = new AsyncLocalStorage<Doing | undefined>();

export function currentDoing(): Doing | undefined {
  return storage.getStore();
}

/** `work`, and whatever it waits for, is done as part of it. */
export function doingAs<Result>(doing: Doing, work: () => Result): Result {
  return storage.run(doing, work);
}

/** For what outlives the request that happened to begin it. */
export function doingNothing<Result>(work: () => Result): Result {
  return storage.run(undefined, work);
}

/** What log lines say of it, each of them. */
export function doingForLog(): object {
  const doing = storage.getStore();
  if (doing === undefined) return {};
  const { requestId, job, span } = doing;
  return {
    requestId,
    ...(job === undefined ? {} : { job }),
    ...(span === null ? {} : { traceId: span.traceId }),
  };
}

/** A run of something in the background: a trace of its own, and an id. */
export function runOf<Result>(
  name: string,
  { job, requestId = newId<'Run'>() }: { readonly job: string; readonly requestId?: string },
  tracer: Tracer | null,
  work: () => Promise<Result>,
): Promise<Result> {
  const span = tracer?.begin(name, { attributes: { 'keyward.request_id': requestId } }, null) ?? null;
  const result = storage.run({ requestId, job, span }, work);
  return span === null ? result : ending(span, result);
}

/** For audit rows of a run in the background: the id that its log lines have. */
export function runId(): string {
  return storage.getStore()?.requestId ?? newId<'Run'>();
}

/** A part of what is being done. Without a trace it is nothing but `work`. */
export function partOf<Result>(name: string, details: SpanDetails, work: () => Promise<Result>): Promise<Result> {
  const doing = storage.getStore();
  if (doing === undefined || doing.span === null) return work();
  const span = doing.span.child(name, details);
  return ending(
    span,
    storage.run({ ...doing, span }, () => work()),
  );
}

/**
 * What is done for several at once is done as the first of them, or as the first that is traced; its trace tells of the
 * others'.
 */
export function asOneOf<Result>(
  name: string,
  several: readonly { readonly doing: Doing | undefined }[],
  work: () => Promise<Result>,
): Promise<Result> {
  const doings = several.map(({ doing }) => doing).filter((doing) => doing !== undefined);
  const doing = doings.find(({ span }) => span !== null) ?? doings[0];
  if (doing === undefined) return doingNothing(work);
  if (doing.span === null) return doingAs(doing, work);
  const links = doings
    .map(({ span }) => span)
    .filter((span) => span !== null)
    .filter((span) => span !== doing.span);
  return doingAs(doing, () => partOf(name, { links, attributes: { 'keyward.calls': several.length } }, work));
}

/** Lets the span end as the promise does. */
export async function ending<Result>(span: Span, result: Promise<Result>): Promise<Result> {
  try {
    const value = await result;
    span.end();
    return value;
  } catch (error) {
    span.end(failureOf(error));
    throw error;
  }
}

/** In a word that says nothing of values. */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
