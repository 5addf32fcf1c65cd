import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import fc from 'fast-check';
import { importColumns } from '../../src/organization-file/organization-row.ts';
import type { Route } from '../support/routes.ts';
import { type Caller, callersOf } from './callers.ts';
import { anything, asText, headerText, idFor, text } from './values.ts';
import type { FuzzWorld } from './world.ts';

/** One request to a route. */
export interface RestInput {
  readonly by: Caller;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Words of the sources that read requests: among them every field, parameter and header that a route knows. */
export async function wordsOfRoutes(): Promise<string[]> {
  const words = new Set<string>(['x']);
  const folders =
    'http,authentication,gateway,current-key,api-session,single-sign-on,oidc,audit,staff,identity,organization-file,fleet';
  const sources =
    /\.route\.ts$|\/http\/|\/(client-credential|forwarded-request|api-session-id)\.ts$|\/(import|current-key|[\w-]+-export)\.input\.ts$/;
  for await (const file of glob(`src/{${folders}}/**/*.ts`)) {
    if (!sources.test(file)) continue;
    for (const [word] of readFileSync(file, 'utf8').matchAll(/[A-Za-z_][\w-]{1,30}/g)) words.add(word);
  }
  return [...words];
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'SEARCH'];
const FORM = 'multipart/form-data; boundary=x';
const types = [
  'application/json',
  'application/x-www-form-urlencoded',
  'text/plain',
  'application/json; charset=utf-16',
  FORM,
  'application/xml',
  ';;',
  '',
];
const headerNames = [
  'accept',
  'authorization',
  'cookie',
  'origin',
  'sec-fetch-site',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-keyward-delegation',
  'x-keyward-gateway',
  'x-api-key',
  'x-organization',
  'x-original-uri',
  'x-forwarded-method',
  'jsessionid',
  'if-none-match',
  'range',
  'accept-encoding',
  'x-request-id',
  'content-encoding',
];

const headerValue = fc.oneof(text, fc.string()).map(headerText);

const cell = fc.oneof(text, fc.constantFrom('', 'Name', '2100-01-01', '"', '""', '=1', '\ufeff', 'DAY', '100'));

/** A file of organizations, or nearly one. */
const csv = fc
  .tuple(
    fc.subarray([...importColumns, 'name', 'other']),
    fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 5 }),
    fc.constantFrom('\n', '\r\n', '\r'),
  )
  .map(([header, rows, end]) => [header, ...rows].map((cells) => `${cells.join(',')}${end}`).join(''));

/** What comes with a file of organizations. */
function importFields(id: fc.Arbitrary<string>) {
  return fc.record(
    {
      serviceProviderId: id,
      atomicity: fc.constantFrom('ALL_OR_NOTHING', 'PER_ORGANIZATION', 'NOTHING'),
      dryRun: fc.constantFrom('true', 'false', ''),
      idempotencyKey: text,
    },
    { requiredKeys: ['serviceProviderId'] },
  );
}

/** A form with the boundary `x`, with a file or without. */
function formOf(pairs: Record<string, unknown>, file: string | null): string {
  const parts = Object.entries(pairs).map(([name, value]) => ({ head: `name="${name}"`, body: asText(value) }));
  if (file !== null) parts.push({ head: 'name="file"; filename="o.csv"', body: file });
  const lines = parts.map(({ head, body }) => `--x\r\ncontent-disposition: form-data; ${head}\r\n\r\n${body}\r\n`);
  return `${lines.join('')}--x--\r\n`;
}

/** Requests to one route, or about where it is: its parameters, query, headers and body. */
export function restInputs(route: Route, world: FuzzWorld, words: readonly string[]): fc.Arbitrary<RestInput> {
  const value = fc.oneof(
    { weight: 3, arbitrary: text },
    { weight: 2, arbitrary: idFor('organization', world.pool).map(asText) },
  );
  const word = fc.constantFrom(...words);
  const fields = fc.dictionary(word, fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: anything }), {
    maxKeys: 8,
  });
  const encoded = (pairs: Record<string, unknown>) =>
    new URLSearchParams(
      Object.entries(pairs).map(([name, of]): [string, string] => [name, asText(of).toWellFormed()]),
    ).toString();
  const query = fc.oneof(
    { weight: 2, arbitrary: fc.constant('') },
    { weight: 3, arbitrary: fields.map((pairs) => `?${encoded(pairs)}`) },
  );
  const path = fc.tuple(fc.infiniteStream(value), query).map(([values, search]) => {
    const filled = route.url.replace(/:\w+|\*/g, () =>
      encodeURIComponent(asText(values.next().value).toWellFormed()).slice(0, 3000),
    );
    return filled + search.slice(0, 8000);
  });
  const form = fc
    .tuple(fc.option(importFields(value)), fields, fc.option(csv))
    .map(([known, pairs, file]) => formOf(known ?? pairs, file));
  const takesFile = route.url === '/imports/organizations';
  const usual = takesFile ? Array.from({ length: 20 }, () => FORM) : types.slice(0, 2);
  const body = fc.oneof(
    { weight: 6, arbitrary: fields.map((pairs) => JSON.stringify(pairs)) },
    { weight: 4, arbitrary: fields.map(encoded) },
    { weight: takesFile ? 40 : 1, arbitrary: form },
    { weight: 1, arbitrary: anything.map((json) => JSON.stringify(json) ?? '') },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: fc.constant(null) },
  );
  return fc.record({
    by: callersOf(world),
    method: fc.oneof(
      { weight: 8, arbitrary: fc.constant(route.method) },
      { weight: 1, arbitrary: fc.constantFrom(...methods) },
    ),
    path,
    headers: fc
      .tuple(
        fc.dictionary(fc.constantFrom(...headerNames), headerValue, { maxKeys: 2 }),
        fc.constantFrom(...usual, ...types),
      )
      .map(([more, type]) => (type === '' ? more : { ...more, 'content-type': type })),
    body,
  });
}
