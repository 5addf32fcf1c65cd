/** A piece of work that a trace shows, with what it was a part of. */
export interface Span {
  /** For the log, which names the trace that a line belongs to. */
  readonly traceId: string;
  /** Begins a part of it. */
  child(name: string, more?: SpanDetails): Span;
  /** Names and numbers of the program's own; never what a caller sent or a row holds. */
  set(attributes: SpanAttributes): void;
  /** @param failure why it did not succeed, in a word: a status, a code */
  end(failure?: string): void;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanDetails {
  /** What it is asked for by another program, what it asks another one for, or neither. */
  readonly kind?: 'SERVER' | 'CLIENT' | 'INTERNAL';
  readonly attributes?: SpanAttributes;
  /** Others that it is done for beside its own. */
  readonly links?: readonly Span[];
}

/** Begins traces. Null stands for one wherever traces are off. */
export interface Tracer extends AsyncDisposable {
  /**
   * @param traceparent of whoever asks, when its word counts
   * @returns null when this one is not among those that are kept
   */
  begin(name: string, details: SpanDetails, traceparent: string | null): Span | null;
}
