import pLimit from 'p-limit';
import type { Services } from '../context.ts';
import { payloadOf } from '../events/event-payload.type.ts';
import type { OutboundFetch } from '../outbound/outbound-fetch.ts';
import { fanOutEvents } from './fan-out.service.ts';
import { LanesUnderWay } from './lanes-under-way.ts';
import { postWebhook } from './post-webhook.ts';
import { type LaneRun, runLane, type SendingTerms, takeLanes } from './send-lanes.service.ts';

const INTERVAL_MS = 250;
/** A single tenant has half of them. */
const MOST_AT_ONCE = 400;
/** Few enough that many slow endpoints leave room for the others. */
const MOST_OF_ENDPOINT = 10;
const MOST_OF_FAILING = 2;
/** At most so many connections are taken to write down how attempts ended. */
const MOST_WRITING = 3;
/** So long an attempt may still take when the process is to stop. */
const LONGEST_LAST_ATTEMPT_MS = 5000;

export interface WebhookOptions {
  /** Asks endpoints: with a time limit of its own. */
  readonly outboundFetch: OutboundFetch;
  /** Of `outboundFetch`. */
  readonly timeoutMs: number;
}

/** Puts events in line and sends them. Any number of processes may do it: what one leaves when it dies, others go on with. */
export function startWebhooks(services: Services, options: WebhookOptions): AsyncDisposable {
  const sender = new WebhookSender(services, options);
  return { [Symbol.asyncDispose]: () => sender.stop() };
}

class WebhookSender {
  readonly #services: Services;
  readonly #terms: SendingTerms;
  readonly #breakingOff = new AbortController();
  readonly #underWay = new LanesUnderWay(MOST_AT_ONCE);
  readonly #runs = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #round: Promise<void> | null = null;
  #isWanted = false;
  #isStopping = false;

  constructor(services: Services, { outboundFetch, timeoutMs }: WebhookOptions) {
    this.#services = services;
    const { signal } = this.#breakingOff;
    this.#terms = {
      post: (url, headers, body) => postWebhook(outboundFetch, url, headers, body, signal),
      payloadOf,
      leaseMs: 2 * timeoutMs + 5000,
      mostOfEndpoint: MOST_OF_ENDPOINT,
      mostOfFailing: MOST_OF_FAILING,
      inTurn: pLimit(MOST_WRITING),
      isStopping: () => this.#isStopping,
    };
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    const timer = setTimeout(() => this.#breakingOff.abort(), LONGEST_LAST_ATTEMPT_MS);
    await this.#round;
    await Promise.all(this.#runs);
    clearTimeout(timer);
  }

  /** One round at a time; asked for meanwhile, another follows. */
  #look(): void {
    if (this.#round !== null) {
      this.#isWanted = true;
      return;
    }
    this.#isWanted = false;
    this.#round = this.#runRound()
      .catch((error: unknown) => this.#services.log.error({ err: error }, 'looking for webhooks to send failed'))
      .finally(() => {
        this.#round = null;
        if (this.#isWanted && !this.#isStopping) this.#look();
      });
  }

  async #runRound(): Promise<void> {
    await fanOutEvents(this.#services, this.#terms.isStopping);
    if (this.#isStopping) return;
    for await (const run of takeLanes(this.#services, this.#terms, this.#underWay)) this.#start(run);
  }

  #start(run: LaneRun): void {
    this.#underWay.enter(run.claim);
    const running = runLane(this.#services, run, this.#terms)
      .catch((error: unknown) => {
        // Broken off, or the database is away: its lease ends, and then it is anybody's.
        if (!this.#isStopping) this.#services.log.error({ err: error }, 'sending webhooks came to a halt');
      })
      .finally(() => {
        this.#runs.delete(running);
        this.#underWay.leave(run.claim);
        if (!this.#isStopping) this.#look();
      });
    this.#runs.add(running);
  }
}
