import type { Services } from './context.ts';
import { startDueSubscriptions } from './subscription/start-subscriptions.service.ts';

const INTERVAL_MS = 1000;

/** Work that the clock asks for. Any number of processes may run it: each job is done once. */
export function startWorker(services: Services): AsyncDisposable {
  let current: Promise<void> = Promise.resolve();
  let isIdle = true;
  const run = async () => {
    isIdle = false;
    try {
      await startDueSubscriptions(services, new Date());
    } catch (error) {
      services.log.error({ err: error }, 'starting subscriptions failed; it is tried again');
    } finally {
      isIdle = true;
    }
  };
  const timer = setInterval(() => {
    if (isIdle) current = run();
  }, INTERVAL_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await current;
    },
  };
}
