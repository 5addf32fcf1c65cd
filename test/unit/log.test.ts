import { expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { doingAs, doingNothing } from '../../src/watching/current.ts';

function logging() {
  const lines: Record<string, unknown>[] = [];
  const log = createLog('info', { write: (text) => void lines.push(JSON.parse(text) as Record<string, unknown>) });
  return { log, lines };
}

const failing = () => new TypeError('holds s3cret');

test('every failure has its line, and one of a kind in a minute says where it comes from', () => {
  const { log, lines } = logging();
  for (let round = 0; round < 3; round++) log.error({ err: failing() }, 'request failed');
  expect(lines).toHaveLength(3);
  expect(lines.map(({ err }) => 'frames' in (err as object))).toEqual([true, false, false]);
  expect(JSON.stringify(lines)).not.toContain('s3cret');
});

test('every line names the request or the run that it belongs to, also after waiting', async () => {
  const { log, lines } = logging();
  const work = async (what: string) => {
    await new Promise((resolve) => setImmediate(resolve));
    log.info(what);
  };
  await Promise.all([
    doingAs({ requestId: 'r-1', span: null }, () => work('one')),
    doingAs({ requestId: 'r-2', job: 'send_mails', span: null }, () => work('two')),
    doingAs({ requestId: 'r-3', span: null }, () => doingNothing(() => work('three'))),
    work('four'),
  ]);
  const told = lines.map(({ msg, requestId, job }) => ({ msg, requestId, job }));
  expect(told).toEqual([
    { msg: 'one', requestId: 'r-1', job: undefined },
    { msg: 'two', requestId: 'r-2', job: 'send_mails' },
    { msg: 'three', requestId: undefined, job: undefined },
    { msg: 'four', requestId: undefined, job: undefined },
  ]);
});
