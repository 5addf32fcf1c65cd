/** What the database knows of how things go. */
export interface JobState {
  /** Those whose time has come, and that nobody has begun. */
  readonly waiting: number;
  readonly oldestSeconds: number;
  readonly failed: number;
}

export interface ScheduledJobState {
  readonly name: string;
  /** In seconds since 1970; null when it never did. */
  readonly succeededAt: number | null;
}

/** How many slots for the keys of the cloud service are in which state, over all tenants. */
export interface KeyStates {
  readonly enabled: number;
  /** By somebody, or for too many calls; also when the subscription has ended besides. */
  readonly disabled: number;
  /** By the end of the subscription alone. */
  readonly expired: number;
  readonly empty: number;
}

export interface PoolState {
  readonly name: 'requests' | 'decisions' | 'background';
  readonly busy: number;
  readonly idle: number;
  readonly waiting: number;
  readonly most: number;
}

/** How a scrape finds out. What is null could not be found out in time. */
export interface StateSource {
  pools(): readonly PoolState[];
  jobs(): Promise<JobState | null>;
  scheduledJobs(): Promise<readonly ScheduledJobState[] | null>;
  keyStates(): Promise<KeyStates | null>;
  /** In seconds. */
  oldestUnsealed(): Promise<number | null>;
}
