import type { FreshKey } from './key-value.tsx';
import type { SlotProps } from './key-words.ts';

/** Of a dialog that changes what a slot holds. */
export interface KeyDialogProps extends SlotProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** How many other organizations hold the string; null: not known. */
  readonly others: number | null;
  readonly onFresh: (fresh: FreshKey | null) => void;
  /** Somebody else has changed it meanwhile. */
  readonly onMoved: () => void;
}
