import type { FormattedExecutionResult } from 'graphql';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../../../src/errors.ts';
import { eventsOf } from '../../../src/http/event-stream.ts';
import { readAll } from '../../support/streams.ts';

type Answers = AsyncGenerator<FormattedExecutionResult, void, undefined>;

async function* answers(...all: FormattedExecutionResult[]): Answers {
  yield* all;
}

const written = (of: Answers, { signal } = new AbortController()) => readAll(eventsOf(of, signal));

describe('an event stream', () => {
  test('is as the protocol has it', async () => {
    expect(await written(answers({ data: { a: 'two\nlines' } }, { data: null }))).toEqual([
      ':\n\n',
      'event: next\ndata: {"data":{"a":"two\\nlines"}}\n\n',
      'event: next\ndata: {"data":null}\n\n',
      'event: complete\ndata:\n\n',
    ]);
  });

  test('is not complete when it is cut, and is when it was refused', async () => {
    const [cut, refused] = [new AbortController(), new AbortController()];
    cut.abort();
    refused.abort(new DomainError('UNAUTHENTICATED', 'Sign in.'));
    expect(await written(answers(), cut)).toEqual([':\n\n']);
    expect(await written(answers(), refused)).toEqual([':\n\n', 'event: complete\ndata:\n\n']);
  });

  test('says something while there is nothing to tell, so that nobody on the way cuts it', async () => {
    const { promise: news, resolve: tell } = Promise.withResolvers<FormattedExecutionResult>();
    const events = eventsOf(
      (async function* () {
        yield await news;
      })(),
      new AbortController().signal,
      5,
    );
    const silence = [await events.next(), await events.next(), await events.next()].map(({ value }) => value);
    expect(silence).toEqual([':\n\n', ':\n\n', ':\n\n']);
    const waiting = events.next();
    tell({ data: {} });
    const told = [(await waiting).value, ...(await readAll(events))].filter((event) => event !== ':\n\n');
    expect(told).toEqual(['event: next\ndata: {"data":{}}\n\n', 'event: complete\ndata:\n\n']);
  });

  test('makes an answer only when it is asked for, and leaves off when nobody asks', async () => {
    let made = 0;
    let hasEnded = false;
    const events = eventsOf(
      (async function* () {
        try {
          for (;;) yield { data: { made: ++made } };
        } finally {
          hasEnded = true;
        }
      })(),
      new AbortController().signal,
    );
    for (let taken = 0; taken < 3; taken++) await events.next();
    await events.return();
    expect([made, hasEnded]).toEqual([2, true]);
  });
});
