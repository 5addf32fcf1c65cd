/** An answer of the server by server-sent events, as it comes. */
export interface Listener {
  readonly status: number;
  readonly headers: Headers;
  /** The next event, past comments; null when the answer has come to its end. */
  next(): Promise<StreamEvent | null>;
  /** All that is left of it. */
  rest(): Promise<StreamEvent[]>;
  hangUp(): void;
}

export interface StreamEvent {
  readonly event: string;
  readonly data: StreamAnswer | null;
}

/** One answer of a subscription. */
export interface StreamAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

const STREAM_TYPE = { 'content-type': 'application/json', accept: 'text/event-stream' };

/** Subscribes, and returns once the server has begun to answer. */
export async function listen(
  url: string,
  headers: Readonly<Record<string, string>>,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Listener> {
  const hangingUp = new AbortController();
  const response = await fetch(`${url}/graphql/stream`, {
    method: 'POST',
    headers: { ...STREAM_TYPE, ...headers },
    body: JSON.stringify({ query, variables }),
    signal: hangingUp.signal,
  });
  const events = eventsIn(response);
  const next = async () => (await events.next()).value ?? null;
  return {
    status: response.status,
    headers: response.headers,
    next,
    rest: () => readAll(events),
    hangUp: () => hangingUp.abort(),
  };
}

/** The events of an answer, past comments. */
export async function* eventsIn({ body }: Response): AsyncGenerator<StreamEvent, undefined, undefined> {
  if (body === null) return;
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = eventOf(text.slice(0, end));
      text = text.slice(end + 2);
      if (event !== null) yield event;
    }
  }
}

export async function readAll<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** Null of a comment. */
function eventOf(block: string): StreamEvent | null {
  const [, event, json = ''] = /^event: (\w+)\ndata:(.*)$/.exec(block) ?? [];
  return event === undefined ? null : { event, data: json === '' ? null : (JSON.parse(json) as StreamAnswer) };
}

/** Codes of whatever was refused on the way. */
export function codesIn(events: readonly StreamEvent[]): string[] {
  return events.flatMap(({ data }) => data?.errors ?? []).map(({ extensions }) => extensions.code);
}
