import { useState } from 'react';
import { readLocal, writeLocal } from '../../local-storage.ts';
import type { TableColumn } from './column.ts';

/** Which columns, in which order, how wide. */
export interface Layout {
  readonly order: readonly string[];
  readonly hidden: readonly string[];
  readonly widths: Readonly<Record<string, number>>;
}

export interface SavedView {
  readonly name: string;
  /** What stood behind the `?`. */
  readonly search: string;
  readonly layout: Layout;
}

export function initialLayout<Row>(columns: readonly TableColumn<Row>[]): Layout {
  return {
    order: columns.map(({ id }) => id),
    hidden: columns.filter(({ isHiddenAtFirst }) => isHiddenAtFirst).map(({ id }) => id),
    widths: {},
  };
}

function parse<Value>(text: string | null, fallback: Value): Value {
  if (text === null) return fallback;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return fallback;
  }
}

/** Columns that came with a later version go to the end; those that are gone are forgotten. */
function fitted<Row>(layout: Layout, columns: readonly TableColumn<Row>[]): Layout {
  const known = columns.map(({ id }) => id);
  const order = layout.order.filter((id) => known.includes(id));
  const added = known.filter((id) => !order.includes(id));
  const hiddenAtFirst = initialLayout(columns).hidden.filter((id) => added.includes(id));
  return { ...layout, order: [...order, ...added], hidden: [...layout.hidden, ...hiddenAtFirst] };
}

/** What this browser remembers of a table. @param name of the table, unique in the console */
export function readLayout<Row>(name: string, columns: readonly TableColumn<Row>[]): Layout {
  return fitted(parse(readLocal(`table.${name}`), initialLayout(columns)), columns);
}

/** The same, and how it is changed. */
export function useLayout<Row>(name: string, columns: readonly TableColumn<Row>[]) {
  const [layout, keep] = useState(() => readLayout(name, columns));
  function setLayout(next: Layout) {
    keep(next);
    writeLocal(`table.${name}`, JSON.stringify(next));
  }
  return { layout, setLayout, reset: () => setLayout(initialLayout(columns)) };
}

export function useSavedViews(name: string) {
  const [views, keep] = useState<readonly SavedView[]>(() => parse(readLocal(`views.${name}`), []));
  function setViews(next: readonly SavedView[]) {
    keep(next);
    writeLocal(`views.${name}`, next.length === 0 ? null : JSON.stringify(next));
  }
  return {
    views,
    save: (view: SavedView) => setViews([...views.filter(({ name: other }) => other !== view.name), view]),
    remove: (view: SavedView) => setViews(views.filter((other) => other !== view)),
  };
}
