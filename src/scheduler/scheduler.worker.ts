import type { Services } from '../context.ts';
import { runOf } from '../watching/current.ts';
import { keepTaken, knowScheduledJobs, runScheduledJob, takeJobs } from './run-scheduled-job.service.ts';
import type { ScheduledJob } from './scheduled-job.ts';

const INTERVAL_MS = 1000;
/** Well within the minute after which a job would come due again. */
const TICKS_TO_KEEP = 15;

interface Queue extends AsyncDisposable {
  add(task: string, payload: object, key: string): Promise<void>;
}
type StartQueue = (tasks: Record<string, (payload: unknown) => Promise<void>>) => Promise<Queue>;

/**
 * Runs jobs once a minute, each in one process, however many there are: a row says when a job was last put in line, and
 * whichever process is free first takes it from the queue. A job that its process died with comes again a minute later.
 * Only differences of the database's clock count, and one that was set back holds nothing up.
 */
export async function startScheduler(
  services: Services,
  startQueue: StartQueue,
  jobs: readonly ScheduledJob<Services>[],
): Promise<AsyncDisposable> {
  const cleanup = new AsyncDisposableStack();
  const names = jobs.map(({ name }) => name);
  if (new Set(names).size < names.length) throw new TypeError('two scheduled jobs have the same name');
  await knowScheduledJobs(services, names);
  const running = new Set<string>();
  const tasks = jobs.map((job) => [taskOf(job.name), runnerOf(services, job, running)] as const);
  const queue = cleanup.use(await startQueue(Object.fromEntries(tasks)));
  let ticks = 0;
  const tick = async () => {
    if (++ticks % TICKS_TO_KEEP === 0 && running.size > 0) await keepTaken(services, [...running]);
    const due = await takeJobs(
      services,
      names.filter((name) => !running.has(name)),
    );
    for (const name of due) await queue.add(taskOf(name), {}, taskOf(name));
  };
  let current: Promise<void> | null = null;
  const timer = setInterval(() => {
    current ??= tick()
      .catch((error: unknown) => services.log.error({ err: error }, 'looking for scheduled jobs failed'))
      .finally(() => {
        current = null;
      });
  }, INTERVAL_MS);
  cleanup.defer(async () => {
    clearInterval(timer);
    await current;
  });
  return cleanup;
}

/** A process takes only those that it has: while versions are mixed, a new job waits for a process that knows it. */
function taskOf(name: string): string {
  return `scheduled_${name}`;
}

function runnerOf(services: Services, job: ScheduledJob<Services>, running: Set<string>) {
  return async () => {
    if (running.has(job.name)) return;
    running.add(job.name);
    const run = () => runScheduledJob(services, job, new Date());
    await runOf(`job ${job.name}`, { job: job.name }, services.tracer, run).finally(() => running.delete(job.name));
  };
}
