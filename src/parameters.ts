import { z } from 'zod';
import { validationFailed } from './errors.ts';
import { isInstant } from './instant.ts';

/** What each of them must be, in words: `dryRun must be …`. */
type Forms<Shape> = Readonly<Record<keyof Shape, string>>;

const allOf = {
  query: (names: string) => `The only parameters are ${names}.`,
  form: (names: string) => `The only fields are ${names}, and one file.`,
};

/**
 * What a query string or a form gives by name. One that is wrong or unknown is refused: else it would ask for too much.
 * @throws DomainError `VALIDATION_FAILED`, which never repeats what was given
 */
export function parseParameters<Shape extends z.ZodRawShape>(
  shape: z.ZodObject<Shape, z.core.$strict>,
  forms: Forms<Shape>,
  given: unknown,
  source: keyof typeof allOf = 'query',
): z.infer<z.ZodObject<Shape, z.core.$strict>> {
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  const name = parsed.error.issues[0]?.path[0];
  const known = Object.entries(forms).find(([each]) => each === name);
  if (known !== undefined) throw validationFailed(known[0], `${known[0]} must be ${known[1]}.`);
  throw validationFailed(source, allOf[source](Object.keys(forms).join(', ')));
}

/** Null: it is not given. */
export const instantParameter = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine(isInstant)
  .nullable()
  .default(null);
export const INSTANT_FORM = 'one RFC 3339 timestamp, such as 2026-11-21T00:00:00Z';

/** One value, or several by giving it several times. Null: it is not given. */
export function severalOf<Value extends string>(values: readonly Value[]) {
  return z.preprocess(
    (given) => (typeof given === 'string' ? [given] : given),
    z.array(z.enum(values)).nullable().default(null),
  );
}

/** @param decode null: it is no id of this. Null: it is not given. */
export function idParameter<Ref>(decode: (id: string) => Ref | null) {
  return z
    .string()
    .transform((id, context) => {
      const ref = decode(id);
      if (ref !== null) return ref;
      context.addIssue('no such id');
      return z.NEVER;
    })
    .nullable()
    .default(null);
}
