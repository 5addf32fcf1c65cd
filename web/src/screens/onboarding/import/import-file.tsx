import { Anchor, Code, Group, SegmentedControl, Text } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { CopyButton } from '../../../components/copy-button.tsx';
import { plural, wholeNumber } from '../../../components/time.ts';
import { useUrlState } from '../../../components/url-state.ts';
import classes from '../onboarding.module.css';
import { ProviderSelect, useLikelyProvider } from '../provider-select.tsx';
import { Actions, Checked } from './checked.tsx';
import { FileDrop } from './file-drop.tsx';
import type { Atomicity, ImportFailure } from './import-api.ts';
import { ImportResult } from './import-result.tsx';
import { type FilePreview, LARGEST_BYTES, MOST_ROWS, previewOf, templateAddress } from './preview.ts';
import { RowsTable } from './rows-table.tsx';
import { Running } from './running.tsx';
import { type Import, useImport } from './use-import.ts';

const CHANGED_FILE: ImportFailure = {
  code: 'FILE_CHANGED',
  message: 'The file cannot be read any more. If it was changed since it was chosen, choose it again.',
  field: null,
  row: null,
  column: null,
};

/** A file of organizations: looked at, checked without a trace, then imported. */
export function ImportFile() {
  const url = useUrlState();
  const likely = useLikelyProvider();
  const [serviceProviderId, setServiceProviderId] = useState(likely);
  const [file, setFile] = useState<File | null>(null);
  const [atomicity, setAtomicity] = useState<Atomicity>('ALL_OR_NOTHING');
  const [onlyRefused, setOnlyRefused] = useState(false);
  const running = useImport();
  const { view, report, isRunning } = running;
  const isDone = view !== null && !view.dryRun && !isRunning;
  const refused = report === null || view === null || view.refused === 0 ? null : refusedOf(report);
  const { preview, problem } = usePreview(file, onlyRefused ? refused : null);
  const operationId = url.text('import');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only of one that stood in the address when somebody came here
  useEffect(() => {
    if (operationId !== '') void running.follow(operationId);
  }, []);
  const started = view !== null && !view.dryRun ? view.operationId : null;
  useEffect(() => {
    if (started !== null) url.set({ import: started });
  }, [started, url]);

  function begin(next: File | null) {
    running.forget();
    setFile(next);
    setOnlyRefused(false);
    if (operationId !== '') url.set({ import: null });
  }

  async function run(dryRun: boolean) {
    if (file === null || serviceProviderId === null) return;
    // A check tells of every row; what is written is as chosen.
    await running.run({ file, serviceProviderId, dryRun, atomicity: dryRun ? 'PER_ORGANIZATION' : atomicity });
    setOnlyRefused(false);
  }

  const failure = problem ?? running.failure;
  const isChecked = view?.dryRun === true && !isRunning && report !== null;
  return (
    <div className={classes.import}>
      <p className={classes.lead}>
        A CSV file with a row for each organization; only <code>name</code> must be there. Nothing is written before you
        have seen what would happen.{' '}
        <Anchor href={templateAddress()} download="organizations.csv" size="sm" underline="always">
          Download an example
        </Anchor>
      </p>
      {!isDone && operationId === '' && (
        <div className={classes.choice}>
          <ProviderSelect
            label="Organizations of"
            value={serviceProviderId}
            onChange={(id) => {
              setServiceProviderId(id);
              running.forget();
            }}
          />
          <FileDrop file={file} onFile={begin} />
        </div>
      )}
      {failure !== null && <Broken failure={failure} />}
      {isRunning && <Running running={running} />}
      {isDone && (
        <ImportResult
          view={view}
          serviceProviderId={file === null ? null : serviceProviderId}
          onNext={() => begin(null)}
        />
      )}
      {isChecked && <Checked view={view} atomicity={atomicity} onAtomicity={setAtomicity} />}
      {file !== null && !isDone && !isRunning && (
        <Actions
          isChecked={isChecked}
          canCheck={serviceProviderId !== null && problem === null}
          view={view}
          atomicity={atomicity}
          onCheck={() => void run(true)}
          onImport={() => void run(false)}
        />
      )}
      {preview !== null && (
        <>
          <Group justify="space-between">
            <Text size="sm" c="var(--kw-ink-2)" role="status">
              {preview.rows.length < preview.rowCount
                ? `${wholeNumber(preview.rows.length)} of ${plural(preview.rowCount, 'row')}`
                : plural(preview.rowCount, 'row')}
            </Text>
            {refused !== null && (
              <SegmentedControl
                size="xs"
                aria-label="Which rows"
                value={onlyRefused ? 'REFUSED' : 'ALL'}
                onChange={(which) => setOnlyRefused(which === 'REFUSED')}
                data={[
                  { value: 'ALL', label: 'First rows' },
                  { value: 'REFUSED', label: 'Refused rows' },
                ]}
              />
            )}
          </Group>
          <RowsTable
            preview={preview}
            report={report}
            isDryRun={view?.dryRun ?? true}
            broken={running.failure?.row === undefined ? null : running.failure}
          />
        </>
      )}
    </div>
  );
}

function refusedOf(report: NonNullable<Import['report']>): ReadonlySet<number> {
  return new Set([...report.values()].filter(({ outcome }) => outcome === 'REFUSED').map(({ row }) => row));
}

function usePreview(file: File | null, wanted: ReadonlySet<number> | null) {
  const [preview, setPreview] = useState<FilePreview | null>(null);
  const [problem, setProblem] = useState<ImportFailure | null>(null);
  const isNarrowed = wanted !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows that are wanted stay those of the file
  useEffect(() => {
    let isCurrent = true;
    const keep = (next: FilePreview | null, why: ImportFailure | null) => {
      if (!isCurrent) return;
      setPreview(next);
      setProblem(why);
    };
    if (file === null) keep(null, null);
    else if (file.size > LARGEST_BYTES)
      keep(null, { ...CHANGED_FILE, code: 'VALIDATION_FAILED', message: 'A file has at most 50 MB. Split it.' });
    else
      previewOf(file, wanted).then(
        (next) => keep(next, tooMany(next)),
        () => keep(null, CHANGED_FILE),
      );
    return () => {
      isCurrent = false;
    };
  }, [file, isNarrowed]);
  return { preview, problem };
}

function tooMany({ rowCount }: FilePreview): ImportFailure | null {
  if (rowCount <= MOST_ROWS) return null;
  const message = `The file has ${plural(rowCount, 'row')}, and may have ${wholeNumber(MOST_ROWS)}. Split it.`;
  return { ...CHANGED_FILE, code: 'TOO_MANY_TARGETS', message };
}

function Broken({ failure: { code, message } }: { readonly failure: ImportFailure }) {
  return (
    <div className={`${classes.done} ${classes.bad}`} role="alert">
      <CircleAlert size={18} aria-hidden />
      <p>{message}</p>
      <Group gap={4} wrap="nowrap">
        <Code>{code}</Code>
        <CopyButton value={code} label="Copy error code" />
      </Group>
    </div>
  );
}
