// As much of OpenAPI 3.1 as the document uses. Its schemas are JSON Schema 2020-12.

export type Schema = Readonly<Record<string, unknown>>;

export interface Header {
  readonly description: string;
  readonly schema: Schema;
}

export interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header' | 'cookie';
  readonly description: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  /** Empty: nobody has to say who they are. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  /** By status. `default` is every other one. */
  readonly responses: Readonly<Record<string, Response>>;
}

export const httpMethods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
export type HttpMethod = (typeof httpMethods)[number];
export type PathItem = { readonly [Method in HttpMethod]?: Operation };

/** What one feature adds to the document. */
export interface Feature {
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly schemas?: Readonly<Record<string, Schema>>;
  readonly securitySchemes?: Readonly<Record<string, Schema>>;
}

/** An object that has these properties, all of them unless it is said otherwise, and no other. */
export function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

export function ref(schema: string): Schema {
  return { $ref: `#/components/schemas/${schema}` };
}

export function jsonOf(schema: Schema) {
  return { 'application/json': { schema } };
}

export function answers(description: string, schema: Schema, headers: Response['headers'] = {}): Response {
  return { description, ...(Object.keys(headers).length === 0 ? {} : { headers }), content: jsonOf(schema) };
}

export function noContent(description: string, headers: Response['headers'] = {}): Response {
  return { description, ...(Object.keys(headers).length === 0 ? {} : { headers }) };
}

export const nobody: Operation['security'] = [];
export const signedIn: Operation['security'] = [{ accessToken: [] }, { sessionCookie: [] }];

export const instant: Schema = { type: 'string', format: 'date-time' };
export const nullableInstant: Schema = { type: ['string', 'null'], format: 'date-time' };
export const globalId: Schema = { type: 'string', pattern: '^[A-Za-z0-9_-]{46}$', description: 'An id as in GraphQL.' };
export const count: Schema = { type: 'integer', minimum: 0 };

export const retryAfter: Response['headers'] = {
  'Retry-After': {
    description: 'Whole seconds, until which it is of no use to try again.',
    schema: { type: 'integer', minimum: 1 },
  },
};

/** What every route may come to besides: a malformed request, one that is too large or too slow, a fault of ours. */
export const otherwise: Response = answers(
  'The request is malformed, too large or too slow, or something went wrong here.',
  ref('Error'),
);

export const refused = {
  unauthenticated: answers('Nobody is signed in.', ref('Error')),
  forbidden: answers('The caller may not do this.', ref('Error')),
  notFound: answers('There is no such thing in sight of the caller.', ref('Error')),
  invalid: answers('Something in the request is wrong; the message says what.', ref('Error')),
  tooMany: answers('Too many requests, or too many failures.', ref('Error'), retryAfter),
};
