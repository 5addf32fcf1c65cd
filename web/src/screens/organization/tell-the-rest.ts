import { showFailure } from '../../components/toasts.tsx';
import type { Failure } from '../../graphql/failure.ts';

/** What is wrong with an argument that the form has no field for, such as a change that came in between. */
export function tellTheRest(failures: readonly Failure[], fields: readonly string[]): void {
  for (const failure of failures) {
    const name = failure.field?.at(-1);
    if (name !== undefined && !fields.includes(name)) showFailure(failure);
  }
}
