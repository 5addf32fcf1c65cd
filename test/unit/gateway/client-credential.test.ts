import { describe, expect, test } from 'vitest';
import { type ClientCredential, credentialIn } from '../../../src/gateway/client-credential.ts';
import { forwardedIn, queryParameter } from '../../../src/gateway/forwarded-request.ts';

/** What was shown, and nothing of the secret but where it came from. */
function shown(credential: ClientCredential | null) {
  if (credential === null) return null;
  if (credential.by === 'KEY') return [credential.kind, credential.organization, credential.key.expose()];
  return credential.by === 'TOKEN'
    ? ['TOKEN', credential.organization, credential.token]
    : ['SESSION', credential.session];
}

describe('a client shows', () => {
  const KEY = { 'x-api-key': 'abcDEF123456', 'x-organization': 'acme' };
  const TOKEN = { authorization: 'Bearer a.b-c_d.e' };
  const SANDBOX = '/submit?api_token=sandboxTOKEN&force=1';
  const SESSION = { jsessionid: 'none of ours' };
  const key = ['CLOUD_SERVICE', 'acme', 'abcDEF123456'];

  test.for<[string, Record<string, string | string[]>, string | null, unknown]>([
    ['nothing', {}, null, null],
    ['an organization alone', { 'x-organization': 'acme' }, '/', null],
    ['a key', KEY, null, key],
    ['a key without an organization', { 'x-api-key': 'abcDEF123456' }, null, ['CLOUD_SERVICE', '', 'abcDEF123456']],
    ['an empty key', { 'x-api-key': '' }, null, ['CLOUD_SERVICE', '', '']],
    ['a token', TOKEN, null, ['TOKEN', null, 'a.b-c_d.e']],
    ['a token for an organization', { ...TOKEN, 'x-organization': 'acme' }, null, ['TOKEN', 'acme', 'a.b-c_d.e']],
    [
      'a token that cannot be one, and a session',
      { authorization: 'Bearer a,b', ...SESSION },
      null,
      ['TOKEN', null, 'a,b'],
    ],
    ['no token, and a session', { authorization: 'Bearer', ...SESSION }, null, ['TOKEN', null, '']],
    ['something else than a token', { authorization: 'Basic abc' }, null, null],
    ['a sandbox token', { 'x-organization': 'acme' }, SANDBOX, ['SANDBOX_SUBMISSION', 'acme', 'sandboxTOKEN']],
    ['a session', SESSION, null, ['SESSION', null]],
    ['a cookie', { cookie: 'a=b; JSESSIONID=x' }, null, ['SESSION', null]],
    ['other cookies', { cookie: 'XJSESSIONID=x; a=JSESSIONID' }, null, null],
    ['all of them: the key', { ...KEY, ...TOKEN, ...SESSION }, SANDBOX, key],
    ['all but a key: the token', { ...TOKEN, ...SESSION }, SANDBOX, ['TOKEN', null, 'a.b-c_d.e']],
    ['a sandbox token and a session', SESSION, SANDBOX, ['SANDBOX_SUBMISSION', '', 'sandboxTOKEN']],
    [
      'a name in UTF-8',
      { ...KEY, 'x-organization': 'M\u00c3\u00bcller' },
      null,
      ['CLOUD_SERVICE', 'Müller', 'abcDEF123456'],
    ],
  ])('%s', ([, headers, uri, expected]) => {
    expect(shown(credentialIn(headers, uri))).toEqual(expected);
  });
});

describe('a gateway says', () => {
  test.for<[Record<string, string | string[]>, string | null, string | null]>([
    [{}, null, null],
    [{ 'x-forwarded-method': 'post', 'x-forwarded-uri': '/a?b' }, 'POST', '/a?b'],
    [{ 'x-original-method': 'GET', 'x-original-uri': '/a' }, 'GET', '/a'],
    [{ 'x-original-url': 'https://a.example/b' }, null, 'https://a.example/b'],
    [{ 'x-forwarded-method': 'POST', 'x-original-method': 'GET' }, 'POST', null],
    [{ 'x-forwarded-method': '', 'x-original-method': 'GET' }, 'GET', null],
    [{ 'x-forwarded-method': 'GET, POST' }, null, null],
    [{ 'x-forwarded-method': ['GET', 'POST'] }, 'GET', null],
    [{ 'x-forwarded-method': 'G\u0000T' }, null, null],
  ])('%j', ([headers, method, uri]) => {
    expect(forwardedIn(headers)).toEqual({ method, uri });
  });

  test.for<[string, string | null]>([
    ['/a?api_token=x', 'x'],
    ['https://a.example/b?c=d&api_token=x%20y', 'x y'],
    ['/a?api_token=', ''],
    ['/a?api_token=x&api_token=y', 'x'],
    ['/a?API_TOKEN=x', null],
    ['/a#api_token=x', null],
    ['//[', null],
    ['', null],
  ])('the query of %s', ([uri, value]) => {
    expect(queryParameter(uri, 'api_token')).toBe(value);
  });
});
