import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { DecisionMeter, GraphqlMeter, RequestMeter } from './meter.ts';
import type { StateSource } from './state.ts';

const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 500];

/** Everything that Prometheus is told. No label names a tenant, a person or an address that somebody asked for. */
export class Metrics implements RequestMeter, GraphqlMeter, DecisionMeter {
  readonly #registry = new Registry();
  readonly #source: StateSource;
  readonly #requests = new Histogram({
    name: 'keyward_http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer, by route.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: REQUEST_SECONDS,
    registers: [this.#registry],
  });
  readonly #graphqlErrors = new Counter({
    name: 'keyward_graphql_errors_total',
    help: 'Errors that GraphQL answered with, by code; the status of such an answer is 200.',
    labelNames: ['code'] as const,
    registers: [this.#registry],
  });
  readonly #decisions = new Counter({
    name: 'keyward_decisions_total',
    help: 'Decisions about calls, by code: VALID lets the call pass.',
    labelNames: ['code'] as const,
    registers: [this.#registry],
  });
  readonly #batches = new Histogram({
    name: 'keyward_decision_batch_size',
    help: 'Calls that were decided in one transaction.',
    buckets: BATCH_SIZES,
    registers: [this.#registry],
  });
  readonly #connections = this.#gauge('keyward_database_connections', 'Connections of a pool.', 'pool', 'state');
  readonly #most = this.#gauge('keyward_database_connections_max', 'How many connections a pool may have.', 'pool');
  readonly #waiting = this.#gauge('keyward_database_waiting', 'Who waits for a connection of a pool.', 'pool');
  readonly #up = this.#gauge('keyward_database_up', 'Whether the database answers: 1 or 0.');
  readonly #jobsWaiting = this.#gauge('keyward_jobs_waiting', 'Jobs that could be begun, and are not.');
  readonly #jobsOldest = this.#gauge('keyward_jobs_oldest_seconds', 'How long the oldest of the waiting jobs waits.');
  readonly #jobsFailed = this.#gauge('keyward_jobs_failed', 'Jobs in the queue that gave up.');
  readonly #lastSuccess = this.#gauge(
    'keyward_scheduled_job_last_success_timestamp_seconds',
    'When what is done once a minute was last done, in seconds since 1970; 0: never.',
    'task', // Prometheus has a label `job` of its own
  );
  readonly #unsealed = this.#gauge(
    'keyward_audit_unsealed_oldest_seconds',
    'How long the oldest event of the audit trail waits to be chained; what tells of events waits with it.',
  );
  readonly #keys = this.#gauge('keyward_api_keys', 'Slots for keys of the cloud service, by state.', 'state');

  /** @param role what the process does */
  constructor(role: string, source: StateSource) {
    this.#source = source;
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('keyward_info', 'What this process does.', 'role').set({ role }, 1);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  answered(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status }, seconds);
  }

  failed(code: string): void {
    this.#graphqlErrors.inc({ code });
  }

  decided(code: string): void {
    this.#decisions.inc({ code });
  }

  batched(calls: number): void {
    this.#batches.observe(calls);
  }

  /** In the text form of Prometheus. What could not be found out in time is left out, rather than old. */
  async scrape(): Promise<string> {
    const { jobs, scheduledJobs, keyStates, oldestUnsealed } = this.#source;
    const [ofQueue, ofSchedule, ofKeys, ofTrail] = await Promise.all([
      jobs(),
      scheduledJobs(),
      keyStates(),
      oldestUnsealed(),
    ]);
    for (const { name: pool, busy, idle, waiting, most } of this.#source.pools()) {
      this.#connections.set({ pool, state: 'busy' }, busy);
      this.#connections.set({ pool, state: 'idle' }, idle);
      this.#waiting.set({ pool }, waiting);
      this.#most.set({ pool }, most);
    }
    this.#up.set(ofSchedule === null ? 0 : 1);
    setOrRemove(this.#jobsWaiting, ofQueue?.waiting);
    setOrRemove(this.#jobsOldest, ofQueue?.oldestSeconds);
    setOrRemove(this.#jobsFailed, ofQueue?.failed);
    setOrRemove(this.#unsealed, ofTrail ?? undefined);
    this.#lastSuccess.reset();
    for (const { name: task, succeededAt } of ofSchedule ?? []) this.#lastSuccess.set({ task }, succeededAt ?? 0);
    this.#keys.reset();
    for (const [state, count] of Object.entries(ofKeys ?? {})) this.#keys.set({ state }, count);
    return this.#registry.metrics();
  }

  #gauge<Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> {
    return new Gauge<Label>({ name, help, labelNames, registers: [this.#registry] });
  }
}

function setOrRemove(gauge: Gauge, value: number | undefined): void {
  if (value === undefined) gauge.remove();
  else gauge.set(value);
}
