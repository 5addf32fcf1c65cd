import { keepForSearch, keepSecret } from './places.ts';

// What the program answers over HTTP: secrets that it hands out are known from there, and may be nowhere else in the answers.

/** Fields that are meant to carry a secret to whom it belongs. */
const SECRET_FIELD =
  /"(keyString|apiKey|clientSecret|client_secret|accessToken|access_token|temporaryPassword|password|secret)":"((?:[^"\\]|\\.)*)"/g;
const LONGEST_KEPT = 256 * 1024;

export function watchAnswer(text: string): void {
  for (const [, , secret = ''] of text.matchAll(SECRET_FIELD)) keepSecret(secret);
  keepForSearch('answers', text.slice(0, LONGEST_KEPT).replace(SECRET_FIELD, '"$1":"…"'));
}

const isText = (response: Response) => /json|text|csv/.test(response.headers.get('content-type') ?? '');

const fetchUnwatched = globalThis.fetch;
globalThis.fetch = async (...args) => {
  const response = await fetchUnwatched(...args);
  for (const cookie of response.headers.getSetCookie()) keepSecret(/^JSESSIONID=([^;]*)/.exec(cookie)?.[1] ?? '');
  const body = response.body !== null && isText(response) ? response.clone() : null;
  // What breaks off, breaks off for the test as well.
  body?.text().then(watchAnswer, () => undefined);
  return response;
};
