import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import type { RawAnswer } from './raw-http.ts';

interface Described {
  readonly headers?: Readonly<Record<string, { readonly schema: unknown }>>;
  readonly content?: Readonly<Record<string, unknown>>;
}
type Operations = Readonly<Record<string, { readonly responses: Readonly<Record<string, Described>> }>>;

/** The document as a client reads it. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Operations>>;
}

const pointer = (...steps: string[]) =>
  steps.map((step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

/** Says of an answer in what it is not as the document has it. */
export class AnswerCheck {
  readonly #document: OpenApiDocument;
  readonly #ajv: Ajv2020;

  constructor(document: OpenApiDocument) {
    this.#document = document;
    this.#ajv = new Ajv2020({ strict: false, allErrors: true });
    formatsPlugin.default(this.#ajv);
    this.#ajv.addSchema({ ...document, $id: 'openapi' });
  }

  /** Every answer that is written out, as `POST /auth/login 200`; not those that are `default`. */
  get names(): string[] {
    return Object.entries(this.#document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { responses }]) =>
        Object.keys(responses)
          .filter((status) => status !== 'default')
          .map((status) => `${method.toUpperCase()} ${path} ${status}`),
      ),
    );
  }

  /** Of what is sent as JSON. @param operation as in `POST /auth/login` */
  complaintsAboutRequest(operation: string, body: unknown): string[] {
    const [method = '', path = ''] = operation.split(' ');
    const steps = [method.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema'];
    return this.#complaints(`openapi#${pointer('paths', path, ...steps)}`, body);
  }

  /** @param operation as in `POST /auth/login` */
  complaintsAbout(
    operation: string,
    { status, headers, text }: Pick<RawAnswer, 'status' | 'headers' | 'text'>,
  ): string[] {
    const [method = '', path = ''] = operation.split(' ');
    const verb = method.toLowerCase();
    const responses = this.#document.paths[path]?.[verb]?.responses ?? {};
    const key = String(status) in responses ? String(status) : 'default';
    const described = responses[key];
    if (described === undefined) return [`${operation} is not described`];
    const missing = Object.keys(described.headers ?? {}).filter(
      (name) => !isOptional(path, name) && !headers.has(name),
    );
    const wrong = Object.keys(described.headers ?? {}).flatMap((name) => {
      const value = headers.get(name);
      if (value === null) return [];
      const place = `openapi#${pointer('paths', path, verb, 'responses', key, 'headers', name, 'schema')}`;
      return this.#complaints(place, /^\d+$/.test(value) ? Number(value) : value).map((each) => `${name}: ${each}`);
    });
    const complaints = [...missing.map((name) => `no header ${name}`), ...wrong];
    if (verb === 'head') return complaints;
    if (described.content === undefined) return text === '' ? complaints : [...complaints, 'a body'];
    const type = headers.get('content-type')?.split(';')[0] ?? 'none';
    if (!(type in described.content)) return [...complaints, `the type ${type}`];
    if (type !== 'application/json') return complaints;
    const place = `openapi#${pointer('paths', path, verb, 'responses', key, 'content', type, 'schema')}`;
    return [...complaints, ...this.#complaints(place, JSON.parse(text))];
  }

  #complaints(place: string, value: unknown): string[] {
    const validate = this.#ajv.getSchema(place) ?? this.#ajv.compile({ $ref: place });
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }
}

/** Of an access token alone; of a gateway's own refusal. */
function isOptional(path: string, header: string): boolean {
  return header === 'X-Api-Role' || (header === 'Retry-After' && path.startsWith('/v1/authorize'));
}
