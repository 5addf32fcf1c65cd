/** A problem that the operator can solve. The message is one line that says what to do; the CLI prints it and exits 1. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
