import type { ServiceProviderId, WebhookEndpointId } from '../ids.ts';

interface Lane {
  readonly rootProviderId: ServiceProviderId;
  readonly endpointId: WebhookEndpointId;
}

/** The lanes that this process is at, and of which tenant it may take how many more. */
export class LanesUnderWay {
  readonly #most: number;
  readonly #ofRoot = new Map<ServiceProviderId, number>();
  readonly #ofEndpoint = new Map<WebhookEndpointId, number>();
  #count = 0;
  #last: ServiceProviderId | null = null;

  constructor(most: number) {
    this.#most = most;
  }

  get ofEndpoint(): ReadonlyMap<WebhookEndpointId, number> {
    return this.#ofEndpoint;
  }

  enter({ rootProviderId, endpointId }: Lane): void {
    this.#last = rootProviderId;
    this.#add(rootProviderId, endpointId, 1);
  }

  leave({ rootProviderId, endpointId }: Lane): void {
    this.#add(rootProviderId, endpointId, -1);
  }

  /** A tenant has half of what the others leave: however slow its endpoints are, there is room for whoever comes next. */
  roomFor(root: ServiceProviderId): number {
    const own = this.#ofRoot.get(root) ?? 0;
    const left = this.#most - (this.#count - own);
    return Math.max(0, Math.ceil(left / 2) - own);
  }

  /** Those first whose turn comes after the last one that was taken: none is always behind the others. */
  inTurn(roots: readonly ServiceProviderId[]): ServiceProviderId[] {
    const last = this.#last;
    const sorted = roots.toSorted();
    if (last === null) return sorted;
    return [...sorted.filter((root) => root > last), ...sorted.filter((root) => root <= last)];
  }

  #add(root: ServiceProviderId, endpoint: WebhookEndpointId, count: 1 | -1): void {
    this.#count += count;
    change(this.#ofRoot, root, count);
    change(this.#ofEndpoint, endpoint, count);
  }
}

function change<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
