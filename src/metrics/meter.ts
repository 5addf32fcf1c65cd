/** What the parts of the program tell of themselves. Nobody listens unless metrics are on: then it is null. */
export interface RequestMeter {
  /** @param route as it is registered, such as `/v1/keys/verify`; never the address that was asked for */
  answered(method: string, route: string, status: number, seconds: number): void;
}

export interface GraphqlMeter {
  /** @param code of an error that a client was answered with: one of the closed list */
  failed(code: string): void;
}

export interface DecisionMeter {
  /** @param code of the decision, or of what kept it from being made */
  decided(code: string): void;
  /** So many calls were decided in one transaction. */
  batched(calls: number): void;
}
