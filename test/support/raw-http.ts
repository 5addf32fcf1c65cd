/** An answer as it came, with nothing taken for granted. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Codes of whatever form the answer has: a GraphQL one, or a plain one. */
  readonly codes: readonly string[];
}

interface ErrorBody {
  readonly code?: string;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

function codesOf(text: string): string[] {
  try {
    const body = JSON.parse(text) as ErrorBody | null;
    return (body?.errors ?? []).map(({ extensions }) => extensions?.code ?? 'NONE');
  } catch {
    return [];
  }
}

export async function send(url: string, options: RequestInit = {}): Promise<RawAnswer> {
  const response = await fetch(url, options);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, codes: codesOf(text) };
}

export const JSON_TYPE = { 'content-type': 'application/json' };

export function post(url: string, body: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  return send(url, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body });
}
