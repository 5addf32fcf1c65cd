import { describe, expect, test } from 'vitest';
import { generatePassword } from '../../../src/identity/password.ts';
import { parsePassword } from '../../../src/identity/password-policy.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { refusalOf } from '../refusal.ts';

const username = 'ingrid.halvorsen@northwind.example';

function reasonOf(password: string, name = username): string | null {
  const refusal = refusalOf(() => parsePassword('newPassword', new Secret(password), { username: name }));
  if (refusal === null) return null;
  expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: ['newPassword'] });
  return refusal.message;
}

describe('a password', () => {
  test.each([
    'correct horse battery',
    'another pass phrase',
    'Tr0ub4dor and 3 more',
    'ключ от старого дома',
    '鍵は古い家の裏庭に埋めてあります',
    '🔑🏠🌳🚗🎩📚🔑🏠🌳🚗🎩📚',
    'x9$Lq2!vT7#p',
    ' blanks around it count ',
  ])('%s is taken as it was given', (password) => {
    const secret = new Secret(password);
    expect(parsePassword('newPassword', secret, { username })).toBe(secret);
  });

  test.each([
    ['x9$Lq2!vT7#', 'at least 12'],
    ['🔑🏠🌳🚗🎩📚🔑🏠🌳🚗🎩', 'at least 12'],
    ['', 'at least 12'],
    ['x9$Lq2!vT7#p'.repeat(86), 'at most 1024'],
    ['x9$Lq2!vT7#p\0', 'keyboard'],
    ['x9$Lq2!vT7#p\ud800', 'keyboard'],
    ['my ingrid.halvorsen pass', 'user name'],
    ['INGRID.HALVORSEN@northwind.example', 'user name'],
    ['ＩＮＧＲＩＤ.halvorsen!', 'user name'],
    ['aaaaaaaaaaaa', 'repetition'],
    ['abcabcabcabcabc', 'repetition'],
    ['abcdefghijklmnop', 'row of keys'],
    ['qwertyuiop123456', 'row of keys'],
    ['987654321098', 'row of keys'],
    ['aabbccddeeffgghh', 'repetition'],
    ['password1234', 'first passwords'],
    ['Password1234!', 'first passwords'],
    ['P@ssw0rd!2026', 'first passwords'],
    ['passwordpassword', 'first passwords'],
    ['2024jennifer!!', 'first passwords'],
    ['unbelievable', 'first passwords'],
  ])('%j is refused', (password, reason) => {
    expect(reasonOf(password)).toContain(reason);
  });

  test('is refused without being repeated', () => {
    for (const password of ['short-Zq3vX', 'Password1234!', `${username}!!`]) {
      expect(reasonOf(password)).not.toContain(password);
    }
  });

  test('of exactly 12 or 1024 characters is long or short enough', () => {
    expect(reasonOf('x9$Lq2!vT7#p')).toBeNull();
    expect(reasonOf('x9$Lq2!vT7#p'.repeat(86).slice(0, 1024))).toBeNull();
    expect(reasonOf('x9$Lq2!vT7#p'.repeat(86).slice(0, 1025))).toContain('1024');
  });

  test('may hold a name of three letters by accident, and none of four', () => {
    expect(reasonOf('planning for tomorrow', 'ann')).toBeNull();
    expect(reasonOf('planning for tomorrow', 'plan')).toContain('user name');
  });

  test('that was generated is always one', () => {
    for (let index = 0; index < 1000; index++) {
      expect(reasonOf(generatePassword().expose())).toBeNull();
    }
  });
});
