import { wholeNumber } from '../../../components/time.ts';
import classes from '../onboarding.module.css';
import type { ReportRow, RowError } from './import-api.ts';
import { COLUMNS, type FilePreview } from './preview.ts';

interface RowsTableProps {
  readonly preview: FilePreview;
  readonly report: ReadonlyMap<number, ReportRow> | null;
  /** Nothing has been written yet. */
  readonly isDryRun: boolean;
  /** Of a file that is broken as a whole. */
  readonly broken: { readonly row: number | null; readonly column: string | null } | null;
}

const outcomes = {
  CHANGED: ['Will be added', 'Added'],
  UNCHANGED: ['There already', 'There already'],
  REFUSED: ['Refused', 'Refused'],
  '': ['–', 'Left out'],
} as const;

/** Rows of the file, each with what becomes of it, and what is wrong where it is wrong. */
export function RowsTable({ preview: { header, rows }, report, isDryRun, broken }: RowsTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard must be able to do as well
    <section className={classes.rows} aria-label="Rows of the file" tabIndex={0}>
      <table aria-label="Rows of the file">
        <thead>
          <tr>
            <th scope="col">Row</th>
            {report !== null && <th scope="col">Outcome</th>}
            {header.map((name, index) => (
              <th
                // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
                key={index}
                scope="col"
                data-wrong={(broken?.row === 1 && (broken.column === name || !COLUMNS.includes(name))) || undefined}
              >
                {name === '' ? `Column ${index + 1}` : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row, cells }) => (
            <Row
              key={row}
              row={row}
              cells={cells}
              header={header}
              told={report?.get(row) ?? null}
              hasReport={report !== null}
              isDryRun={isDryRun}
              isBroken={broken?.row === row}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  readonly row: number;
  readonly cells: readonly string[];
  readonly header: readonly string[];
  readonly told: ReportRow | null;
  readonly hasReport: boolean;
  readonly isDryRun: boolean;
  readonly isBroken: boolean;
}

function Row({ row, cells, header, told, hasReport, isDryRun, isBroken }: RowProps) {
  const errors = told?.errors ?? [];
  const ofRow = errors.filter(({ column }) => column === null || !header.includes(column));
  return (
    <tr>
      <th scope="row">{wholeNumber(row)}</th>
      {hasReport && (
        <td className={classes.outcome} data-outcome={told?.outcome} data-wrong={ofRow.length > 0 || undefined}>
          {outcomes[told?.outcome ?? ''][isDryRun ? 0 : 1]}
          <Errors errors={ofRow} />
        </td>
      )}
      {header.map((name, index) => {
        const here = errors.filter(({ column }) => column === name);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
          <td key={index} dir="auto" data-wrong={here.length > 0 || isBroken || undefined}>
            {cells[index] ?? ''}
            <Errors errors={here} />
          </td>
        );
      })}
    </tr>
  );
}

function Errors({ errors }: { readonly errors: readonly RowError[] }) {
  return errors.map(({ code, message }) => (
    <small key={message} title={code}>
      {message}
    </small>
  ));
}
