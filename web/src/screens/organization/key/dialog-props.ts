import type { FreshKey } from './key-value.tsx';
import type { SlotProps } from './key-words.ts';

/** How many other organizations hold the string of a slot; null: the viewer sees none, or no other can. */
export type OtherHolders = number | 'COUNTING' | 'UNKNOWN' | null;

/** Of a dialog that changes what a slot holds. */
export interface KeyDialogProps extends SlotProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly others: OtherHolders;
  readonly onFresh: (fresh: FreshKey | null) => void;
  /** Somebody else has changed it meanwhile. */
  readonly onMoved: () => void;
}
