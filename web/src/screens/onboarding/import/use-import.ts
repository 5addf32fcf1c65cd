import { useEffect, useRef, useState } from 'react';
import { SESSION_ENDED } from '../../../graphql/failure.ts';
import { revision } from '../../../graphql/revision.ts';
import { untilSignedIn } from '../../../graphql/until.ts';
import { randomId } from '../../../random-id.ts';
import {
  type Answer,
  type ImportFailure,
  type ImportOrder,
  type ImportView,
  type ReportRow,
  readImport,
  readReport,
  sendImport,
} from './import-api.ts';

const LOOK_AGAIN_MS = 700;
/** With these no answer has come: they say nothing of the import. */
const LOST: readonly string[] = ['OFFLINE', 'UNREACHABLE', 'RATE_LIMITED', 'BUSY', 'INTERNAL', SESSION_ENDED];

export interface Import {
  /** Null before anything was sent. */
  readonly view: ImportView | null;
  readonly isRunning: boolean;
  readonly failure: ImportFailure | null;
  /** Once it has ended. */
  readonly report: ReadonlyMap<number, ReportRow> | null;
  run(order: Omit<ImportOrder, 'idempotencyKey'>): Promise<void>;
  /** One that somebody started before. */
  follow(operationId: string): Promise<void>;
  forget(): void;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What was lost on the way is asked for again, after the next sign-in where the session was what ended. */
async function untilAnswered<Value>(ask: () => Promise<Answer<Value>>, signal: AbortSignal): Promise<Answer<Value>> {
  for (;;) {
    const answer = await ask();
    if (answer.isDone || !LOST.includes(answer.failure.code) || signal.aborted) return answer;
    if (answer.failure.code === SESSION_ENDED) await untilSignedIn(signal);
    else await wait(LOOK_AGAIN_MS);
  }
}

/** An import, or a dry run of one, from the file to the report. */
export function useImport(): Import {
  const [view, setView] = useState<ImportView | null>(null);
  const [isRunning, setIsRunning] = useState(false);
  const [failure, setFailure] = useState<ImportFailure | null>(null);
  const [report, setReport] = useState<Import['report']>(null);
  const following = useRef(new AbortController());
  const attempt = useRef<{ readonly of: string; readonly file: File; readonly key: string } | null>(null);
  useEffect(() => () => following.current.abort(), []);

  async function followFrom(first: Answer<ImportView>, signal: AbortSignal) {
    let answer = first;
    for (;;) {
      if (signal.aborted) return;
      if (!answer.isDone) return end(answer.failure);
      const { operationId, finishedAt } = answer.value;
      setView(answer.value);
      if (finishedAt !== null) break;
      await wait(LOOK_AGAIN_MS);
      answer = await untilAnswered(() => readImport(operationId), signal);
    }
    const { value } = answer;
    const rows = await untilAnswered(() => readReport(value.operationId), signal);
    if (signal.aborted) return;
    if (!rows.isDone) return end(rows.failure);
    setReport(rows.value);
    end(null);
    if (!value.dryRun) revision.set(revision.get() + 1);
  }

  function end(why: ImportFailure | null) {
    setFailure(why);
    setIsRunning(false);
  }

  function begin(): AbortSignal {
    following.current.abort();
    following.current = new AbortController();
    setIsRunning(true);
    setFailure(null);
    setView(null);
    setReport(null);
    return following.current.signal;
  }

  return {
    view,
    isRunning,
    failure,
    report,
    async run(order) {
      const { file, ...rest } = order;
      const of = JSON.stringify(rest);
      if (attempt.current?.of !== of || attempt.current.file !== file) attempt.current = { of, file, key: randomId() };
      const signal = begin();
      const answer = await sendImport({ ...order, idempotencyKey: attempt.current.key });
      if (answer.isDone || !LOST.includes(answer.failure.code)) attempt.current = null;
      await followFrom(answer, signal);
    },
    async follow(operationId) {
      const signal = begin();
      await followFrom(await untilAnswered(() => readImport(operationId), signal), signal);
    },
    forget() {
      following.current.abort();
      setView(null);
      setReport(null);
      end(null);
    },
  };
}
