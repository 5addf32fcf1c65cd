import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { SetupError } from '../../src/setup-error.ts';

function read(value: string) {
  return readConfig({ KEYWARD_TRUSTED_PROXIES: value }).trustedProxies;
}

describe('KEYWARD_TRUSTED_PROXIES', () => {
  test('trusts nobody unless it is set', () => {
    expect(readConfig({}).trustedProxies).toEqual([]);
    expect(read('')).toEqual([]);
  });

  test.each([
    ['10.0.0.1', ['10.0.0.1']],
    ['10.0.0.0/8, 192.168.0.0/16', ['10.0.0.0/8', '192.168.0.0/16']],
    ['::1,fd00::/8', ['::1', 'fd00::/8']],
  ])('%s is read', (value, proxies) => {
    expect(read(value)).toEqual(proxies);
  });

  test.each([
    'everybody',
    'loopback',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '10.0.0.0/',
    '10.0.0.1,,',
    'true',
    '1',
    'fe80::1%eth0',
    '10.0.0.0/8/8',
  ])('%j is refused by the name of the setting', (value) => {
    expect(() => read(value)).toThrow(SetupError);
    expect(() => read(value)).toThrow(/KEYWARD_TRUSTED_PROXIES/);
  });
});
