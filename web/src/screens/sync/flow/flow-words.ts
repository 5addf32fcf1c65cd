/** How a command over many organizations is spoken of. */
export interface FlowWords {
  /** "Sync 412 organizations", of so many that would change. */
  readonly verb: (count: number) => string;
  /** What others will notice, each a sentence; of so many that would change. */
  readonly consequences: (count: number) => readonly string[];
  readonly isUndoable: boolean;
}
