import { useEffect, useRef, useState } from 'react';
import { revision } from '../../../graphql/revision.ts';
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

/** An import, or a dry run of one, from the file to the report. */
export function useImport(): Import {
  const [view, setView] = useState<ImportView | null>(null);
  const [isRunning, setIsRunning] = useState(false);
  const [failure, setFailure] = useState<ImportFailure | null>(null);
  const [report, setReport] = useState<Import['report']>(null);
  const ticket = useRef(0);
  const attempt = useRef<{ readonly of: string; readonly file: File; readonly key: string } | null>(null);
  useEffect(() => () => void ticket.current++, []);

  async function followFrom(first: Answer<ImportView>, mine: number) {
    let answer = first;
    for (;;) {
      if (mine !== ticket.current) return;
      if (!answer.isDone) return end(answer.failure);
      setView(answer.value);
      if (answer.value.finishedAt !== null) break;
      await wait(LOOK_AGAIN_MS);
      const next = await readImport(answer.value.operationId);
      // What was lost on the way is asked for again; only what the server says ends it.
      if (next.isDone || !['OFFLINE', 'UNREACHABLE', 'RATE_LIMITED'].includes(next.failure.code)) answer = next;
    }
    const { value } = answer;
    const rows = await readReport(value.operationId);
    if (mine !== ticket.current) return;
    if (!rows.isDone) return end(rows.failure);
    setReport(rows.value);
    end(null);
    if (!value.dryRun) revision.set(revision.get() + 1);
  }

  function end(why: ImportFailure | null) {
    setFailure(why);
    setIsRunning(false);
  }

  function begin(): number {
    setIsRunning(true);
    setFailure(null);
    setView(null);
    setReport(null);
    return ++ticket.current;
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
      const mine = begin();
      const answer = await sendImport({ ...order, idempotencyKey: attempt.current.key });
      const isUnanswered = !answer.isDone && ['OFFLINE', 'UNREACHABLE'].includes(answer.failure.code);
      if (!isUnanswered) attempt.current = null;
      await followFrom(answer, mine);
    },
    async follow(operationId) {
      const mine = begin();
      await followFrom(await readImport(operationId), mine);
    },
    forget() {
      ticket.current++;
      setView(null);
      setReport(null);
      end(null);
    },
  };
}
