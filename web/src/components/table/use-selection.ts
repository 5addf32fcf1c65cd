import { useState } from 'react';
import { NOTHING, type Selection } from './selection.ts';

/** What is selected in a list. Under another filter it is another list, in which nothing is. */
export function useSelection(filter: object) {
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const list = JSON.stringify(filter);
  const [listOf, setListOf] = useState(list);
  if (listOf !== list) {
    setListOf(list);
    setSelection(NOTHING);
  }
  return [listOf === list ? selection : NOTHING, setSelection] as const;
}
