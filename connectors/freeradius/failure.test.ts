import { describe, expect, it } from 'vitest';
import { describeError, isServerAnswer, isTransient } from './failure.ts';

const mysqlError = (errno: number, code: string, sqlState: string) =>
  Object.assign(new Error('secret'), { errno, code, sqlState });
const pgError = (code: string, severity = 'ERROR') => Object.assign(new Error('secret'), { code, severity });

describe('what a database answers', () => {
  it.each([
    mysqlError(1213, 'ER_LOCK_DEADLOCK', '40001'),
    mysqlError(1205, 'ER_LOCK_WAIT_TIMEOUT', 'HY000'),
    pgError('40P01'),
    pgError('40001'),
    pgError('55P03'),
  ])('a lost race is tried again: $code', (error) => {
    expect(isTransient(error)).toBe(true);
    expect(describeError(error)).toMatchObject({ reason: 'unreachable' });
  });

  it.each([mysqlError(1406, 'ER_DATA_TOO_LONG', '22001'), pgError('22001'), pgError('23514')])(
    'a value that never fits is rejected, untold: $code',
    (error) => {
      expect(isTransient(error)).toBe(false);
      const failure = describeError(error);
      expect(failure.reason).toBe('rejected');
      expect(failure.detail).not.toContain('secret');
    },
  );

  it.each([
    [Object.assign(new Error(), { code: 'ECONNREFUSED' }), 'check address and port'],
    [mysqlError(1045, 'ER_ACCESS_DENIED_ERROR', '28000'), 'refuses the login'],
    [pgError('28P01', 'FATAL'), 'refuses the login'],
    [mysqlError(1146, 'ER_NO_SUCH_TABLE', '42S02'), 'jembatan migrate'],
    [pgError('42501'), 'may not do this'],
    [new Error('Query read timeout'), 'no answer'],
    ['no error object', 'no answer'],
  ])('what time or a person can mend is tried again later: %s', (error, words) => {
    const failure = describeError(error);
    expect(failure.reason).toBe('unreachable');
    expect(failure.detail).toContain(words);
  });

  it('only what the server itself said leaves a connection usable', () => {
    expect(isServerAnswer(pgError('23505'))).toBe(true);
    expect(isServerAnswer(mysqlError(1213, 'ER_LOCK_DEADLOCK', '40001'))).toBe(true);
    expect(isServerAnswer(pgError('57P01', 'FATAL'))).toBe(false);
    expect(isServerAnswer(Object.assign(new Error(), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }))).toBe(false);
    expect(isServerAnswer(Object.assign(new Error(), { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }))).toBe(false);
    expect(isServerAnswer(Object.assign(new Error(), { code: 'EPIPE' }))).toBe(false);
    expect(isServerAnswer(new Error('Query read timeout'))).toBe(false);
  });
});
