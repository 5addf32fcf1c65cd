import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { isDatabaseAway, mayPass } from '../../../src/database/database-away.ts';
import { DomainError } from '../../../src/errors.ts';

function fromServer(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('as the server says', 0, 'error'), { code });
}

function fromSystem(code: string, more: object = { syscall: 'connect' }): Error {
  return Object.assign(new Error(`connect ${code}`), { code, ...more });
}

describe('a database that is away', () => {
  test.each([
    ['a pooler without a server', fromServer('08P01')],
    ['a server that is told to stop', fromServer('57P01')],
    ['one that starts', fromServer('57P03')],
    ['one with too many clients', fromServer('53300')],
    ['a primary that is one no more', fromServer('25006')],
    ['nobody at the port', fromSystem('ECONNREFUSED')],
    ['nobody at any address', new AggregateError([fromSystem('ECONNREFUSED'), fromSystem('ECONNREFUSED')])],
    ['a connection that broke', new Error('Connection terminated unexpectedly')],
    ['a pool whose connections all hang', new Error('timeout exceeded when trying to connect')],
  ])('%s', (_, error) => {
    expect(isDatabaseAway(error)).toBe(true);
  });

  test.each([
    ['a constraint', fromServer('23505')],
    ['a statement that took too long', fromServer('57014')],
    ['a deadlock', fromServer('40P01')],
    ['a code of somebody else', fromSystem('ECONNREFUSED', {})],
    ['any other error', new Error('no row')],
    ['nothing', new AggregateError([])],
    ['what is no error', 'Connection terminated'],
  ])('is not %s', (_, error) => {
    expect(isDatabaseAway(error)).toBe(false);
  });
});

describe('what may pass', () => {
  test.each([
    ['a database that is away', fromServer('57P01')],
    ['a statement that took too long', fromServer('57014')],
    ['a deadlock', fromServer('40P01')],
    ['a full disk', fromServer('53100')],
    ['what others hold', new DomainError('BUSY', 'Try again.')],
  ])('%s', (_, error) => {
    expect(mayPass(error)).toBe(true);
  });

  test.each([
    ['a constraint', fromServer('23505')],
    ['a refusal', new DomainError('NOT_FOUND', 'It is not there.')],
    ['any other error', new Error('no row')],
  ])('is not %s', (_, error) => {
    expect(mayPass(error)).toBe(false);
  });
});
