import fc from 'fast-check';

/** How many inputs each operation gets: a short slice with the other tests, 10,000 by `npm run fuzz`. */
export const RUNS = Number(process.env['KEYWARD_FUZZ_RUNS'] ?? 30);
/** The same seed gives the same inputs, but for the ids of the tenants. Printed with whatever is found. */
export const SEED = Number(process.env['KEYWARD_FUZZ_SEED'] ?? 20_261_121);
/** Sent at the same time, and so also against each other. */
const AT_ONCE = 12;
/** Then its tenants are worn out: their keys deleted, their people gone. */
export const INPUTS_PER_WORLD = 300;

export const TIMEOUT_MS = 30_000 + RUNS * 100;

/**
 * @param round of inputs for tenants that are not worn out yet
 * @throws Error with the input and what is wrong with its answer
 */
export async function fuzz<Input>(round: () => Promise<Round<Input>>): Promise<void> {
  for (let sent = 0; sent < RUNS; sent += INPUTS_PER_WORLD) {
    const { inputs, complaintsAbout } = await round();
    const batches = fc.array(inputs, { minLength: AT_ONCE, maxLength: AT_ONCE, size: 'max' });
    const property = fc.asyncProperty(batches, async (batch) => {
      const all = await Promise.all(
        batch.map(async (input) => ({ input, found: await complaintsAbout(input).catch((error) => [String(error)]) })),
      );
      const [worst] = all.filter(({ found }) => found.length > 0);
      if (worst !== undefined) throw new Error(`${worst.found.join('; ')}\ninput: ${shorten(worst.input)}`);
    });
    const numRuns = Math.ceil(Math.min(INPUTS_PER_WORLD, RUNS - sent) / AT_ONCE);
    // Not shrunk: a dozen at a time, it would hide which one it was, and the tenants are not what they were.
    const result = await fc.check(property, { numRuns, seed: SEED + sent, endOnFailure: true });
    if (result.failed)
      throw new Error(`seed ${SEED}, input ${sent + result.numRuns * AT_ONCE}`, { cause: result.errorInstance });
  }
}

export interface Round<Input> {
  readonly inputs: fc.Arbitrary<Input>;
  /** Sends one input, and tells everything that is wrong with the answer. */
  readonly complaintsAbout: (input: Input) => Promise<readonly string[]>;
}

const LONGEST_SHOWN = 3_000;

function shorten(input: unknown): string {
  const text = JSON.stringify(input) ?? String(input);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}… (${text.length} characters)` : text;
}
