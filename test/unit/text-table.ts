export type Row = Readonly<Record<string, string>>;

/** The rows of a table drawn with `|`; the first line names the columns. @throws Error when a line has another number of cells */
export function parseTable(drawing: string): Row[] {
  const [header = [], ...lines] = drawing
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return lines.map((cells) => {
    if (cells.length !== header.length) throw new Error(`not ${header.length} cells: ${cells.join(' | ')}`);
    return Object.fromEntries(header.map((name, index) => [name, cells[index] ?? '']));
  });
}

/** @throws Error when the row has no such column */
export function cell(row: Row, column: string): string {
  const text = row[column];
  if (text === undefined) throw new Error(`no column ${column}`);
  return text;
}
