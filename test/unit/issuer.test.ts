import { describe, expect, test } from 'vitest';
import { LONGEST_ISSUER_URL, parseIssuer } from '../../src/issuer.ts';
import { refusalOf } from './refusal.ts';

const urlOf = (length: number) => 'https://login.example.com/'.padEnd(length, 'x');

describe('an issuer', () => {
  test.each([
    'https://login.example.com',
    'https://login.example.com/',
    'http://login.example.com:8080/realms/One',
    'https://LOGIN.example.com',
    urlOf(LONGEST_ISSUER_URL),
  ])('is kept to the letter: %s', (issuer) => {
    expect(parseIssuer(` ${issuer}\n`)).toBe(issuer);
  });

  test.each([
    ['nothing', ''],
    ['no URL', 'login.example.com'],
    ['another protocol', 'ftp://login.example.com'],
    ['no host', 'https://'],
    ['a query', 'https://login.example.com/?tenant=1'],
    ['a fragment', 'https://login.example.com/#top'],
    ['a user', 'https://someone@login.example.com'],
    ['a password', 'https://:secret@login.example.com'],
    ['a blank', 'https://login.example.com/a b'],
    ['a line break', 'https://login.example.com/a\nb'],
    ['a letter that is no ASCII', 'https://löwe.example.com'],
    ['one character too many', urlOf(LONGEST_ISSUER_URL + 1)],
  ])('with %s is refused', (_, given) => {
    expect(refusalOf(() => parseIssuer(given))).toMatchObject({ code: 'VALIDATION_FAILED', field: ['issuer'] });
  });
});
