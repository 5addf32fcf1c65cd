import { errorCodes } from '../../src/errors.ts';
import { denials } from '../../src/gateway/denial.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Beside the closed list: what logins say, and the words of OAuth 2.0 (RFC 6749, 5.2). */
const codes: ReadonlySet<string> = new Set([
  ...errorCodes.filter((code) => code !== 'INTERNAL'),
  ...Object.keys(denials),
  'AUTHENTICATION_FAILED',
  'API_KEY_DISABLED',
  'NOT_SUBSCRIBED',
  'SESSION_NOT_VALID',
  'UNSUPPORTED_MEDIA_TYPE',
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
]);

const LEAK =
  /\n\s+at |\\n\s+at |node_modules|\/src\/|\.(ts|js|mjs):\d|\b(select|insert into|update|delete from)\b .* \b(from|set|values|where)\b|relation "|column "|syntax error at|invalid input syntax|violates|FST_ERR|ECONN|ERR_[A-Z]+_/i;
const KEY_STRING = /"keyString":"([A-Za-z0-9]{12})"/g;

/** Tells everything that is wrong with answers; remembers the key strings that it saw where they may be. */
export class Oracle {
  readonly #keyStrings = new Set<string>();

  complaintsAbout(answer: Answer): string[] {
    const { status, text } = answer;
    const shown = text.slice(0, 600);
    return [
      ...(status >= 500 ? [`status ${status}: ${shown}`] : []),
      ...this.#strayKeyStrings(text).map((found) => `a key string (${found}): ${shown}`),
      ...(isJson(answer) ? complaintsAboutJson(answer) : complaintsAboutOther(answer)),
    ];
  }

  /** Of bytes that may be several answers, in pieces. */
  complaintsAboutBytes(status: number, body: string): string[] {
    return [
      ...(status >= 500 ? [`status ${status}: ${body.slice(0, 300)}`] : []),
      ...(LEAK.test(body) ? [`leaks: ${body.slice(0, 300)}`] : []),
    ];
  }

  #strayKeyStrings(text: string): string[] {
    for (const [, keyString = ''] of text.matchAll(KEY_STRING)) this.#keyStrings.add(keyString);
    const words = text.replace(KEY_STRING, '').match(/(?<![A-Za-z0-9])[A-Za-z0-9]{12}(?![A-Za-z0-9])/g) ?? [];
    return words.filter((word) => this.#keyStrings.has(word));
  }
}

function isJson({ headers }: Answer): boolean {
  return /^application\/([\w-]+\+)?json\b/.test(headers.get('content-type') ?? '');
}

/** Refusals are JSON; what is not may be a page, a file or nothing. */
function complaintsAboutOther({ status, headers, text }: Answer): string[] {
  if (status < 400 || text === '') return [];
  return [`no JSON (${headers.get('content-type')}): ${text.slice(0, 300)}`];
}

/** What API clients are told of a body that is none, and of waiting: the protocol has no code for it. */
const WITHOUT_CODE =
  /^\{"message":"(Request body is invalid\."|Rate Limit \(\d+\/[A-Z]+\) exceeded","Retry-After":"\d+ seconds")\}$/;

function complaintsAboutJson({ status, text }: Answer): string[] {
  if (text === '' || WITHOUT_CODE.test(text)) return [];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [`broken JSON: ${text.slice(0, 300)}`];
  }
  const said = errorsIn(json);
  return [
    ...(status >= 400 && said.length === 0 ? [`a refusal without a code: ${text.slice(0, 300)}`] : []),
    ...said.filter(({ code }) => !codes.has(code)).map((one) => `code ${one.code}: ${one.message}`),
    ...said.filter(({ message }) => LEAK.test(message)).map(({ message }) => `leaks: ${message}`),
  ];
}

interface Said {
  readonly code: string;
  readonly message: string;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Of a GraphQL answer, of its payloads, of a plain one, and of OAuth. */
function errorsIn(json: unknown): Said[] {
  if (!isObject(json)) return [];
  const { errors, data, code, message, error } = json;
  const payloads = isObject(data) ? Object.values(data).filter(isObject) : [];
  const saidOf = (one: Json, of: unknown): Said => ({ code: String(of), message: String(one['message'] ?? '') });
  return [
    ...objectsIn(errors).map((one) => saidOf(one, isObject(one['extensions']) ? one['extensions']['code'] : 'NONE')),
    ...payloads
      .flatMap((payload) => objectsIn(payload['userErrors']))
      .map((one) => saidOf(one, one['code'] ?? 'VALIDATION_FAILED')), // a spoilt document may not ask for it
    ...(typeof code === 'string' ? [{ code, message: String(message ?? '') }] : []),
    ...(typeof error === 'string' ? [{ code: error, message: String(json['error_description'] ?? '') }] : []),
  ];
}
