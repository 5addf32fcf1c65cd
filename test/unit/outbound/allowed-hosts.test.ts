import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';

describe('KEYWARD_ALLOWED_PRIVATE_HOSTS', () => {
  const right: [string | undefined, string[]][] = [
    [undefined, []],
    ['', []],
    ['idp.internal', ['idp.internal']],
    ['IdP.internal:8443, 10.0.0.7,[::1]:9000', ['idp.internal:8443', '10.0.0.7', '[::1]:9000']],
  ];
  test.for(right)('%j names the hosts', ([text, hosts]) => {
    expect(readConfig({ KEYWARD_ALLOWED_PRIVATE_HOSTS: text }).allowedPrivateHosts).toEqual(hosts);
  });

  test.for(['https://idp.internal', 'idp.internal/path', '*.internal', 'a,,b', 'a:b', 'a b', '::1'])(
    '%j is refused by name',
    (text) => {
      expect(() => readConfig({ KEYWARD_ALLOWED_PRIVATE_HOSTS: text })).toThrow(
        /KEYWARD_ALLOWED_PRIVATE_HOSTS is wrong/,
      );
    },
  );
});
