import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMailAddress } from '../../../src/mail/mail-recipient.ts';

const bad = [
  '',
  'ops',
  'ops@',
  '@example.com',
  'ops@example.com, other@example.com',
  'ops@example.com;other@example.com',
  'Ops <ops@example.com>',
  '"ops"@example.com',
  'ops@example.com\r\nBcc: other@example.com',
  'ops@example.com\n',
  'ops\u0000@example.com',
  'ops@exa mple.com',
  'ops@-example.com',
  'ops@[127.0.0.1]',
  'öps@example.com',
  `${'o'.repeat(65)}@example.com`,
  `ops@${'e'.repeat(250)}.com`,
];

test.for(bad.filter((address) => address.trim() === address))('%j is no address', (address) => {
  expect(() => parseMailAddress(address)).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }));
});

test('whatever is taken as an address is one token that means nothing else to a header', () => {
  const parts = fc.constantFrom(
    'ops',
    '@',
    'example.com',
    ',',
    ';',
    '<',
    '>',
    '\r',
    '\n',
    ' ',
    ':',
    'Bcc',
    '"',
    '(',
    ')',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(parts).map((some) => some.join('')),
      ),
      (given) => {
        let address: string;
        try {
          address = parseMailAddress(given);
        } catch {
          return;
        }
        expect(address).toMatch(/^[\x21-\x7e]+$/);
        expect(address).not.toMatch(/[\s<>,;:"()[\]\\]/);
        expect(address.split('@')).toHaveLength(2);
      },
    ),
  );
});

test('blanks around it are the keyboard’s', () => {
  expect(parseMailAddress(' on-call+keys@mail.example.com ')).toBe('on-call+keys@mail.example.com');
});
