import { Anchor, Code, Group, SegmentedControl, Text } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { useState } from 'react';
import { ProviderSelect, useLikelyProvider } from '../../../app/provider-select.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { plural, wholeNumber } from '../../../components/time.ts';
import classes from '../onboarding.module.css';
import { Actions, Checked } from './checked.tsx';
import { FileDrop } from './file-drop.tsx';
import type { Atomicity, ImportFailure } from './import-api.ts';
import { ImportResult } from './import-result.tsx';
import { type FilePreview, templateAddress } from './preview.ts';
import { RowsTable } from './rows-table.tsx';
import { Running } from './running.tsx';
import { type Import, useImport } from './use-import.ts';
import { useImportAddress } from './use-import-address.ts';
import { usePreview } from './use-preview.ts';

/** A file of organizations: looked at, checked without a trace, then imported. */
export function ImportFile() {
  const [serviceProviderId, setServiceProviderId] = useState(useLikelyProvider());
  const [file, setFile] = useState<File | null>(null);
  const [atomicity, setAtomicity] = useState<Atomicity>('ALL_OR_NOTHING');
  const [onlyRefused, setOnlyRefused] = useState(false);
  const running = useImport();
  const address = useImportAddress(running);
  const { view, report, isRunning } = running;
  const isDone = view !== null && !view.dryRun && view.finishedAt !== null && !isRunning;
  const refused = report === null || view === null || view.refused === 0 ? null : refusedOf(report);
  const { preview, problem } = usePreview(file, onlyRefused ? refused : null);

  function begin(next: File | null) {
    running.forget();
    setFile(next);
    setOnlyRefused(false);
    address.clear();
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
      {!isDone && (!address.isSet || running.failure !== null) && (
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
        <FileRows
          preview={preview}
          running={running}
          canNarrow={refused !== null}
          onlyRefused={onlyRefused}
          onOnlyRefused={setOnlyRefused}
        />
      )}
    </div>
  );
}

function refusedOf(report: NonNullable<Import['report']>): ReadonlySet<number> {
  return new Set([...report.values()].filter(({ outcome }) => outcome === 'REFUSED').map(({ row }) => row));
}

interface FileRowsProps {
  readonly preview: FilePreview;
  readonly running: Import;
  readonly canNarrow: boolean;
  readonly onlyRefused: boolean;
  readonly onOnlyRefused: (only: boolean) => void;
}

function FileRows({ preview, running, canNarrow, onlyRefused, onOnlyRefused }: FileRowsProps) {
  return (
    <>
      <Group justify="space-between">
        <Text size="sm" c="var(--kw-ink-2)" role="status">
          {preview.rows.length < preview.rowCount
            ? `${wholeNumber(preview.rows.length)} of ${plural(preview.rowCount, 'row')}`
            : plural(preview.rowCount, 'row')}
        </Text>
        {canNarrow && (
          <SegmentedControl
            size="xs"
            aria-label="Which rows"
            value={onlyRefused ? 'REFUSED' : 'ALL'}
            onChange={(which) => onOnlyRefused(which === 'REFUSED')}
            data={[
              { value: 'ALL', label: 'First rows' },
              { value: 'REFUSED', label: 'Refused rows' },
            ]}
          />
        )}
      </Group>
      <RowsTable
        preview={preview}
        report={running.report}
        isDryRun={running.view?.dryRun ?? true}
        broken={running.failure?.row === undefined ? null : running.failure}
      />
    </>
  );
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
