/** A user as `demo-credentials.json` lists it. */
export interface User {
  readonly username: string;
  readonly password: string;
  readonly role: string;
  readonly serviceProvider: string | null;
  readonly organization: string | null;
}

export type Json = null | boolean | number | string | Json[] | { readonly [key: string]: Json };

/** Part of an answer, taken apart by path: `answer.at('apiKey.status')`. */
export class Answer {
  readonly #json: Json | undefined;

  constructor(json: Json | undefined) {
    this.#json = json;
  }

  at(path: string): Json | undefined {
    let value = this.#json;
    for (const step of path.split('.')) {
      value = typeof value === 'object' && value !== null && !Array.isArray(value) ? value[step] : undefined;
    }
    return value;
  }

  list(path: string): Answer[] {
    const value = this.at(path);
    return Array.isArray(value) ? value.map((item) => new Answer(item)) : [];
  }
}

/** Nothing but fetch: what any client in any language does. */
export class KeywardClient {
  readonly #url: string;
  readonly #accessToken: string;

  private constructor(url: string, accessToken: string) {
    this.#url = url;
    this.#accessToken = accessToken;
  }

  static async signIn(url: string, { username, password }: User): Promise<KeywardClient> {
    const response = await fetch(`${url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    if (!response.ok) throw new Error(`signing in as ${username} failed: ${response.status}`);
    const { accessToken } = (await response.json()) as { accessToken: string };
    return new KeywardClient(url, accessToken);
  }

  /** @throws Error when the query itself is refused */
  async query(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const { data, errors } = await this.#send(query, variables);
    if (errors.length > 0) throw new Error(errors.map((error) => error.message).join('; '));
    return new Answer(data);
  }

  /** The payload of the document's one mutation. @throws Error when it is refused */
  async mutate(mutation: string, input: Record<string, unknown>): Promise<Answer> {
    const { payload, codes } = await this.#command(mutation, input);
    if (codes.length > 0) throw new Error(`refused with ${codes.join()}`);
    return payload;
  }

  /** @throws Error when the answer is anything but this refusal */
  async expectRefusal(mutation: string, input: Record<string, unknown>, code: string): Promise<void> {
    const { codes } = await this.#command(mutation, input);
    if (codes.join() !== code) throw new Error(`expected ${code}, but got ${codes.join() || 'no refusal'}`);
  }

  /** A refusal is a code, wherever GraphQL puts it: among the errors, or in the payload. */
  async #command(mutation: string, input: Record<string, unknown>) {
    const { data, errors } = await this.#send(mutation, { input });
    const [payload] = typeof data === 'object' && data !== null ? Object.values(data) : [];
    const answer = new Answer(payload);
    const codes = answer.list('userErrors').map((error) => String(error.at('code')));
    return { payload: answer, codes: [...errors.map((error) => error.extensions.code), ...codes] };
  }

  async #send(query: string, variables: Record<string, unknown>) {
    const response = await fetch(`${this.#url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#accessToken}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors = [] } = (await response.json()) as {
      data?: Json;
      errors?: { message: string; extensions: { code: string } }[];
    };
    return { data, errors };
  }
}
