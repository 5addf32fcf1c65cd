/** The object that type-graphql registers for a list of words. */
export function enumOf<const Word extends string>(words: readonly Word[]): { readonly [Key in Word]: Key } {
  return Object.fromEntries(words.map((word) => [word, word])) as { readonly [Key in Word]: Key };
}
