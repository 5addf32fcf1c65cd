/** Where traces go, and how many. */
export interface TracingOptions {
  /** An OTLP/HTTP receiver's address for traces. */
  readonly url: string;
  readonly serviceName: string;
  /** Of the traces that begin here, 0 to 1. */
  readonly ratio: number;
}
