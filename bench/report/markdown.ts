import { type Aim, type Figure, isHeld, type Unit } from '../support/figures.ts';

const digitsOf: Record<Unit, number> = {
  '/s': 0,
  'rows/s': 0,
  ms: 1,
  s: 2,
  MB: 0,
  '%': 0,
  times: 2,
  µs: 0,
  cores: 2,
};

/** As people read it: 8,062/s, 6.3 ms, 1.30 times. */
export function formatValue(value: number, unit: Unit): string {
  const digits = digitsOf[unit];
  const number = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit === '/s' ? `${number}/s` : `${number} ${unit}`;
}

/** Enough digits to tell what it is, no more. */
export function formatRatio(ratio: number): string {
  return ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2);
}

function formatAim({ of, bound, value }: Aim, unit: Unit): string {
  return of === 'ours' ? `${bound} ${formatValue(value, unit)}` : `ratio ${bound} ${value}`;
}

/** The rows of a table, what misses its aim in bold. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { what, unit, ours, against, aim } = figure;
    const held = isHeld(figure);
    return [
      what,
      formatValue(ours, unit),
      against === undefined ? '' : `${against.name}: ${formatValue(against.value, unit)}`,
      against === undefined ? '' : formatRatio(against.ratio),
      aim === undefined ? '' : formatAim(aim, unit),
      held === undefined ? '' : held ? 'held' : '**missed**',
    ];
  });
  return table(['', 'Keyward', 'against', 'ratio', 'aim', ''], rows);
}

/** What was measured at several counts: a column for each. */
export function countTable(figures: readonly Figure[]): string {
  const columns = [...new Set(figures.map(({ at }) => formatCount(at)))];
  const rowOf = ({ what, against }: Figure) => (against === undefined ? what : `${what} (ratio to ${against.name})`);
  const rows = [...Map.groupBy(figures, rowOf)].map(([name, own]) => [
    name,
    ...columns.map((column) => cellOf(own.find(({ at }) => formatCount(at) === column))),
  ]);
  return table(['', ...columns], rows);
}

function cellOf(figure: Figure | undefined): string {
  if (figure === undefined) return '';
  const { ours, unit, against } = figure;
  return against === undefined ? formatValue(ours, unit) : `${formatValue(ours, unit)} (${formatRatio(against.ratio)})`;
}

export function formatCount(at: Figure['at']): string {
  if (at === undefined) return '';
  const of = at.count === 1 ? at.of.replace(/(?<=process)es$|(?<=organization)s$/, '') : at.of;
  return `${at.count.toLocaleString('en')} ${of}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** What was measured and what was wanted, in one line. */
export function missedLine(title: string, figure: Figure): string {
  const { what, unit, ours, against, aim } = figure;
  if (aim === undefined) throw new Error(`${what} has no aim`);
  const measured =
    aim.of === 'ours' || against === undefined
      ? formatValue(ours, unit)
      : `ratio ${formatRatio(against.ratio)} (${against.name})`;
  return `- ${title}: ${what}: ${measured}, the aim is ${formatAim(aim, unit)}`;
}
