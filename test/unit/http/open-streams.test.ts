import { describe, expect, test } from 'vitest';
import { DomainError } from '../../../src/errors.ts';
import { OpenStreams } from '../../../src/http/open-streams.ts';

const cut = () => {
  throw new Error('was to end by itself');
};
const refusal = { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) };

describe('open streams', () => {
  test('are bounded for each listener, and nobody takes the place of anybody else', () => {
    const streams = new OpenStreams({ most: 10, mostOfOne: 2 });
    const [first] = [streams.open('one', cut), streams.open('one', cut)];
    expect(() => streams.open('one', cut)).toThrow(expect.objectContaining(refusal));
    streams.open('other', cut);
    expect(streams.count).toBe(3);
    expect(first.signal.aborted).toBe(false);
  });

  test('are bounded in all', async () => {
    const streams = new OpenStreams({ most: 2, mostOfOne: 2 });
    const stream = streams.open('one', cut);
    streams.open('other', cut);
    expect(() => streams.open('third', cut)).toThrow(expect.objectContaining(refusal));
    stream.close();
    await stream.closed;
    expect(streams.open('third', cut).signal.aborted).toBe(false);
  });

  test('tell why they end, once', () => {
    const stream = new OpenStreams({ most: 1, mostOfOne: 1 }).open('one', cut);
    const reason = new DomainError('UNAUTHENTICATED', 'Sign in.');
    stream.end(reason);
    stream.end(new DomainError('INTERNAL', 'later'));
    expect(stream.signal.reason).toBe(reason);
    stream.close();
  });

  test('end all together, and those that do not are cut', async () => {
    const streams = new OpenStreams({ most: 2, mostOfOne: 2 });
    const willing = streams.open('one', cut);
    willing.signal.addEventListener('abort', () => willing.close());
    let wasCut = false;
    const stalled = streams.open('one', () => {
      wasCut = true;
      stalled.close();
    });
    await streams.end();
    expect([streams.count, wasCut]).toEqual([0, true]);
  });
});
