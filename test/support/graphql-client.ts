import type { TestStaff } from './fixtures.ts';

/** A value out of a JSON answer, taken apart by path. */
export type Json = null | boolean | number | string | Json[] | { readonly [key: string]: Json };

export interface GraphQLAnswer {
  readonly status: number;
  readonly text: string;
  readonly errors: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
  /** The value at a path such as `organizations.nodes.0.name`; undefined when there is none. */
  at(path: string): Json | undefined;
}

function valueAt(json: Json | undefined, path: string): Json | undefined {
  let value = json;
  for (const step of path.split('.')) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (typeof value === 'object' && value !== null) value = value[step];
    else return undefined;
  }
  return value;
}

export interface Client {
  query(document: string, variables?: Record<string, unknown>): Promise<GraphQLAnswer>;
}

export async function logIn(url: string, username: string, password: string): Promise<Response> {
  return fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
}

/** The header of somebody who has signed in by password, as a client would. */
export async function bearer(
  url: string,
  staff: Pick<TestStaff, 'username' | 'password'>,
): Promise<{ authorization: string }> {
  const login = await logIn(url, staff.username, staff.password);
  if (!login.ok) throw new Error(`login failed: ${login.status}`);
  const { accessToken } = (await login.json()) as { accessToken: string };
  return { authorization: `Bearer ${accessToken}` };
}

/** A plain GraphQL client of somebody who has signed in. */
export async function connect(url: string, staff: Pick<TestStaff, 'username' | 'password'>): Promise<Client> {
  return clientWith(url, await bearer(url, staff));
}

export function clientWith(url: string, headers: Record<string, string>): Client {
  return {
    query: async (query, variables = {}) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      const json = JSON.parse(text) as { data?: Json; errors?: GraphQLAnswer['errors'] };
      return { status: response.status, text, errors: json.errors ?? [], at: (path) => valueAt(json.data, path) };
    },
  };
}
