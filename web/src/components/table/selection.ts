/** Rows by their ids, or everything that the filter of the list finds. */
export type Selection =
  | { readonly kind: 'SOME'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'ALL_THAT_MATCH' };

export const NOTHING: Selection = { kind: 'SOME', ids: new Set() };

export function isSelected(selection: Selection, id: string): boolean {
  return selection.kind === 'ALL_THAT_MATCH' || selection.ids.has(id);
}

export function isEmpty(selection: Selection): boolean {
  return selection.kind === 'SOME' && selection.ids.size === 0;
}

/** Taking one out of "all that match" leaves those that are on the screen. */
export function toggled(selection: Selection, id: string, loaded: readonly string[]): Selection {
  const ids = new Set(selection.kind === 'SOME' ? selection.ids : loaded);
  if (!ids.delete(id)) ids.add(id);
  return { kind: 'SOME', ids };
}
