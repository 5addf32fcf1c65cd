import { DomainError } from '../../src/errors.ts';

/** What the call was refused with; null when it was not. @throws whatever else the call throws */
export function refusalOf(call: () => unknown): DomainError | null {
  try {
    call();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
