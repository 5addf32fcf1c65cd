import { describe, expect, test } from 'vitest';
import { OauthError, parseTokenRequest } from '../../../src/authentication/oauth-token.ts';

const grant = { grant_type: 'client_credentials' };
const form = { ...grant, client_id: 'the-client', client_secret: 'the-secret' };

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

function read(authorization: string | undefined, body: unknown) {
  try {
    const { clientId, clientSecret, scope } = parseTokenRequest(authorization, body);
    return [clientId, clientSecret.expose(), scope];
  } catch (error) {
    if (error instanceof OauthError) return error.code;
    throw error;
  }
}

describe('a client shows its secret', () => {
  test('in the body or by HTTP Basic, in whatever case the scheme is written', () => {
    const expected = ['the-client', 'the-secret', null];
    expect(read(undefined, form)).toEqual(expected);
    expect(read(basic('the-client:the-secret'), grant)).toEqual(expected);
    expect(read(basic('the-client:the-secret').replace('Basic', 'bASIC'), grant)).toEqual(expected);
    expect(read(basic('the-client:the-secret'), { ...grant, client_id: 'the-client' })).toEqual(expected);
  });

  test('form-encoded within HTTP Basic', () => {
    expect(read(basic('a%3Ab+c:%C3%A9%25'), grant)).toEqual(['a:b c', 'é%', null]);
    expect(read(basic('a:%E9'), grant)).toBe('invalid_client');
  });

  test.each([
    ['both ways', basic('the-client:the-secret'), form, 'invalid_request'],
    ['two names', basic('the-client:the-secret'), { ...grant, client_id: 'other' }, 'invalid_request'],
    ['not at all', undefined, grant, 'invalid_client'],
    ['without a name', undefined, { ...grant, client_secret: 'x' }, 'invalid_client'],
    ['without a secret', undefined, { ...grant, client_id: 'x' }, 'invalid_client'],
    ['with an empty one', undefined, { ...form, client_secret: '' }, 'invalid_client'],
    ['as a bearer token', 'Bearer abc', grant, 'invalid_client'],
    ['in a broken header', 'Basic', grant, 'invalid_client'],
    ['in a header that is not base64', 'Basic !!', grant, 'invalid_client'],
    ['in a header without a colon', basic('the-client'), grant, 'invalid_client'],
    ['in a header with two colons', basic('a:b:c'), grant, 'invalid_client'],
  ] as const)('%s', (_, authorization, body, code) => {
    expect(read(authorization, body)).toBe(code);
  });
});

describe('a request for a token', () => {
  test('names the one grant that there is', () => {
    expect(read(undefined, { ...form, grant_type: undefined })).toBe('invalid_request');
    expect(read(undefined, { ...form, grant_type: '' })).toBe('invalid_request');
    expect(read(undefined, { ...form, grant_type: 'password' })).toBe('unsupported_grant_type');
    expect(read(undefined, { ...form, grant_type: 'CLIENT_CREDENTIALS' })).toBe('unsupported_grant_type');
  });

  test('gives each parameter once, and is a form', () => {
    for (const name of ['grant_type', 'client_id', 'client_secret', 'scope']) {
      expect(read(undefined, { ...form, [name]: ['a', 'b'] })).toBe('invalid_request');
    }
    for (const body of [undefined, null, 'text', [], 5]) expect(read(undefined, body)).toBe('invalid_request');
  });

  test('may ask for less than everything; a parameter without a value is left out', () => {
    expect(read(undefined, { ...form, scope: 'apiKey:view audit:view' })).toMatchObject({
      2: ['apiKey:view', 'audit:view'],
    });
    expect(read(undefined, { ...form, scope: '' })).toMatchObject({ 2: null });
    expect(read(undefined, { ...form, scope: ' ' })).toMatchObject({ 2: [] });
  });

  test('is refused in words that quote nothing of it', () => {
    for (const body of [form, { ...form, grant_type: 'the-grant' }, { ...form, scope: ['the-scope', 'x'] }]) {
      const refusal = (() => {
        try {
          parseTokenRequest(basic('the-client:the-secret'), body);
        } catch (error) {
          return String(error);
        }
      })();
      expect(refusal).toMatch(/^OauthError/);
      expect(refusal).not.toMatch(/the-(client|secret|grant|scope)/);
    }
  });
});
