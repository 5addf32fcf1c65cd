import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import type { Counter, NoticePercent } from './count-calls.ts';

/** A slot's counter as it is after its last call. */
export interface CounterWrite {
  readonly ref: ApiKeyRef;
  readonly counter: Counter;
  /** When the last call was, and from where. */
  readonly at: Date;
  readonly address: string | null;
}

/** A window has reached a part of its threshold. */
export interface NoticeWrite {
  readonly ref: ApiKeyRef;
  readonly percent: NoticePercent;
  readonly windowStart: Date;
  readonly used: number;
  readonly threshold: number;
  readonly at: Date;
}
