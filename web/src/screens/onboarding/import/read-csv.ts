/** One row, counted as a spreadsheet does: the header is row 1. */
export interface CsvRow {
  readonly row: number;
  readonly cells: readonly string[];
}

const PLAIN_END = /[,\r\n]/g;

/** The rows of a CSV file (RFC 4180), without those that are empty; as far as quotes go wrong, whatever is there. */
export function* readCsv(text: string): Generator<CsvRow> {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (let row = 1; at < text.length; row++) {
    const cells: string[] = [];
    for (let isRowAtEnd = false; !isRowAtEnd; ) {
      let cell: string;
      [cell, at] = text[at] === '"' ? quoted(text, at) : plain(text, at);
      cells.push(cell);
      isRowAtEnd = text[at] !== ',';
      if (text[at] === '\r' && text[at + 1] === '\n') at++;
      at++;
    }
    if (cells.length > 1 || cells[0] !== '') yield { row, cells };
  }
}

/** A cell, and where it ends. */
function plain(text: string, start: number): [string, number] {
  PLAIN_END.lastIndex = start;
  const end = PLAIN_END.exec(text)?.index ?? text.length;
  return [text.slice(start, end), end];
}

function quoted(text: string, start: number): [string, number] {
  let cell = '';
  for (let at = start + 1; ; ) {
    const end = text.indexOf('"', at);
    if (end === -1) return [cell + text.slice(at), text.length];
    cell += text.slice(at, end);
    if (text[end + 1] !== '"') {
      const [rest, after] = plain(text, end + 1);
      return [cell + rest, after];
    }
    cell += '"';
    at = end + 2;
  }
}
