import { expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';

const SECRET = 'hunter2-hunter2';
const url = `smtp://keyward:${SECRET}@mail.msp.example:587`;

test('without a mail server no mail is sent', () => {
  expect(readConfig({}).mail).toBeNull();
});

test('the mail server, the sender and the pause are set', () => {
  const { mail } = readConfig({ KEYWARD_SMTP_URL: url, KEYWARD_MAIL_FROM: 'Keyward <keys@msp.example>' });
  expect(mail).toMatchObject({ from: 'Keyward <keys@msp.example>', pauseMs: 15 * 60_000 });
  expect(mail?.url.expose()).toBe(url);
  expect(JSON.stringify(mail)).not.toContain(SECRET);
});

test.for<[string, Record<string, string>, string]>([
  ['no sender', {}, 'KEYWARD_MAIL_FROM'],
  ['a sender that is none', { KEYWARD_MAIL_FROM: 'Keyward' }, 'KEYWARD_MAIL_FROM'],
  ['a sender of two lines', { KEYWARD_MAIL_FROM: 'a@b.example\nBcc: c@d.example' }, 'KEYWARD_MAIL_FROM'],
  ['another protocol', { KEYWARD_SMTP_URL: `http://${SECRET}@mail.msp.example` }, 'KEYWARD_SMTP_URL'],
  ['no host', { KEYWARD_SMTP_URL: SECRET }, 'KEYWARD_SMTP_URL'],
  ['no pause', { KEYWARD_MAIL_FROM: 'a@b.example', KEYWARD_MAIL_DIGEST_MINUTES: '0' }, 'KEYWARD_MAIL_DIGEST_MINUTES'],
])('%s is refused by the name of the setting, and its value is not repeated', ([, more, name]) => {
  const read = () => readConfig({ KEYWARD_SMTP_URL: url, ...more });
  expect(read).toThrow(name);
  expect(read).not.toThrow(SECRET);
});
