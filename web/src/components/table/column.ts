import type { ReactNode } from 'react';

/** A column of a {@link DataTable}. */
export interface TableColumn<Row> {
  readonly id: string;
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
  /** In px, before somebody drags it. */
  readonly width: number;
  /** What the server sorts by, if it can. */
  readonly sortBy?: string;
  readonly isNumber?: boolean;
  /** Shown on narrow screens as well; a table has one or two. */
  readonly isNarrow?: boolean;
  /** Not shown until somebody asks for it. */
  readonly isHiddenAtFirst?: boolean;
  /** Cannot be hidden. */
  readonly isFixed?: boolean;
}

export interface Sort {
  readonly field: string;
  readonly direction: 'ASC' | 'DESC';
}

/** As it stands in the URL: `NAME`, or `-NAME` for the other way round. */
export function parseSort(text: string, fields: readonly string[]): Sort | null {
  const field = text.replace(/^-/, '');
  if (!fields.includes(field)) return null;
  return { field, direction: text.startsWith('-') ? 'DESC' : 'ASC' };
}

export function formatSort({ field, direction }: Sort): string {
  return direction === 'DESC' ? `-${field}` : field;
}
