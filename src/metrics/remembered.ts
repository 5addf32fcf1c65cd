/** After that a scrape goes on without. */
const LONGEST_WAIT_MS = 2000;

/**
 * Asks at most once in `keptForMs`, however often it is called, and one question at a time.
 * @returns what was found last, as long as it is young enough; null when it is not and there is no answer within 2 s
 */
export function remembered<Value>(keptForMs: number, ask: () => Promise<Value>): () => Promise<Value | null> {
  let known: { readonly value: Value; readonly at: number } | null = null;
  let asking: Promise<void> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  const refresh = async () => {
    askedAt = performance.now();
    try {
      known = { value: await ask(), at: askedAt };
    } catch {
      known = null; // whoever watches sees that it is missing
    }
  };
  return async () => {
    if (performance.now() - askedAt >= keptForMs) {
      asking ??= refresh().finally(() => {
        asking = null;
      });
    }
    if (asking !== null) await Promise.race([asking, timeout()]);
    return known !== null && performance.now() - known.at < 2 * keptForMs ? known.value : null;
  };
}

function timeout(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS).unref());
}
