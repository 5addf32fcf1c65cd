import type { Page } from 'playwright-core';

interface Held {
  /** Settles once it has been asked. */
  readonly asked: Promise<void>;
  letGo(): void;
}

/** Holds one of the console's questions back. @param isIt of the body of a request */
export async function hold(page: Page, isIt: RegExp): Promise<Held> {
  const asked = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (!isIt.test(route.request().postData() ?? '')) return route.fallback();
    asked.resolve();
    await letGo.promise;
    await route.fallback();
  });
  return { asked: asked.promise, letGo: letGo.resolve };
}
