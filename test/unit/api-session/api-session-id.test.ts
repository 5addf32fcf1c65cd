import { describe, expect, test } from 'vitest';
import {
  isSameSecret,
  makeSessionId,
  parseSessionId,
  presentedSession,
} from '../../../src/api-session/api-session-id.ts';
import { newId } from '../../../src/ids.ts';

const place = () => ({
  rootProviderId: newId<'ServiceProvider'>(),
  organizationId: newId<'Organization'>(),
  apiSessionId: newId<'ApiSession'>(),
});
const anId = () => makeSessionId(place()).id.expose();

describe('a session id', () => {
  test('tells where the row is, and the digest of its secret', () => {
    const where = place();
    const { id, secretHash } = makeSessionId(where);
    expect(id.expose()).toMatch(/^[\w-]{107}$/);
    expect(parseSessionId(id.expose())).toEqual({ ...where, secretHash });
  });

  test('has another secret every time', () => {
    const where = place();
    const [one, other] = [makeSessionId(where), makeSessionId(where)];
    expect(isSameSecret(one.secretHash, other.secretHash)).toBe(false);
    expect(isSameSecret(one.secretHash, one.secretHash)).toBe(true);
    expect(isSameSecret(one.secretHash, one.secretHash.subarray(1))).toBe(false);
  });

  test('holds for the place that it was made for, and for no other', () => {
    const where = place();
    const { id, secretHash } = makeSessionId(where);
    for (const moved of [0, 16, 32]) {
      const bytes = Buffer.from(id.expose(), 'base64url');
      bytes.writeUInt8(bytes.readUInt8(moved) ^ 1, moved);
      const other = parseSessionId(bytes.toString('base64url'));
      expect(other).not.toBeNull();
      expect(other === null || isSameSecret(other.secretHash, secretHash)).toBe(false);
    }
  });

  test('is nothing else than what was made', () => {
    const id = anId();
    const others = [
      '',
      'x',
      id.slice(1),
      `${id}A`,
      `${id}=`,
      ` ${id}`,
      id.replace(/.$/, '!'),
      'A'.repeat(106),
      '-'.repeat(107),
    ];
    expect(others.map(parseSessionId)).toEqual(others.map(() => null));
  });
});

describe('the session of a request', () => {
  const [one, other] = [anId(), anId()];
  const cases = {
    'the cookie': { cookie: `JSESSIONID=${one}` },
    'the cookie among others, as it is written': { cookie: `a=b; JSESSIONID=${one};c=d` },
    'the header': { jsessionid: one },
    both: { jsessionid: one, cookie: `JSESSIONID=${one}` },
    'the header rather than another cookie': { jsessionid: one, cookie: `JSESSIONID=${other}` },
    "the cookie beside another service's": { cookie: `JSESSIONID=6088D7E771AD061D8B08DDB2F155ABCD; JSESSIONID=${one}` },
    'the cookie beside a header that is none of ours': { jsessionid: 'null', cookie: `JSESSIONID=${one}` },
    'a header that comes twice': { jsessionid: `null, ${one}` },
    'headers and cookies in several lines': { jsessionid: ['x'], cookie: ['a=b', `JSESSIONID=${one}`] },
  };
  test.for(Object.entries(cases))('is %s', ([, headers]) => {
    expect(presentedSession(headers)).toEqual(parseSessionId(one));
  });

  const none = {
    'with no header at all': {},
    'with a cookie of another name': { cookie: `XJSESSIONID=${one}; jsessionid=${one}; JSESSIONID2=${one}` },
    'with cookies that are empty or broken': { cookie: 'JSESSIONID=; JSESSIONID; =; ;' },
  };
  test.for(Object.entries(none))('is none %s', ([, headers]) => {
    expect(presentedSession(headers)).toBeNull();
  });
});
