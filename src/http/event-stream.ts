import type { FormattedExecutionResult } from 'graphql';
import { DomainError } from '../errors.ts';

export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no', // nginx would hold events back until it has many
};

/** Proxies cut what is silent for long, many of them after 30 seconds. */
const KEEP_ALIVE_MS = 12_000;
const COMMENT = ':\n\n';

/**
 * Answers as the text of the protocol "GraphQL over Server-Sent Events", distinct connections mode. A stream that is cut
 * short lacks `event: complete`, by which a client knows that it may ask again.
 * @param signal given without a DomainError for a reason, it cuts the stream short
 */
export async function* eventsOf(
  answers: AsyncGenerator<FormattedExecutionResult, void, undefined>,
  signal: AbortSignal,
  keepAliveMs = KEEP_ALIVE_MS,
): AsyncGenerator<string, void, undefined> {
  try {
    yield COMMENT; // headers alone are held back on the way
    for (;;) {
      const pending = answers.next();
      while (!(await isSettledWithin(keepAliveMs, pending))) yield COMMENT;
      const { done, value } = await pending;
      if (done === true) break;
      yield `event: next\ndata: ${JSON.stringify(value)}\n\n`;
    }
    const isCut = signal.aborted && !(signal.reason instanceof DomainError);
    if (!isCut) yield 'event: complete\ndata:\n\n';
  } finally {
    await answers.return();
  }
}

function isSettledWithin(longestMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), longestMs);
    work.then(() => resolve(true), reject).finally(() => clearTimeout(timer));
  });
}
