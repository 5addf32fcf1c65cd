import { useEffect, useState } from 'react';
import { plural, wholeNumber } from '../../../components/time.ts';
import type { ImportFailure } from './import-api.ts';
import { type FilePreview, LARGEST_BYTES, MOST_ROWS, previewOf } from './preview.ts';

const CHANGED_FILE: ImportFailure = {
  code: 'FILE_CHANGED',
  message: 'The file cannot be read any more. If it was changed since it was chosen, choose it again.',
  field: null,
  row: null,
  column: null,
};

/** What is in the file: its first rows, or those that are wanted; and why it cannot be imported. */
export function usePreview(file: File | null, wanted: ReadonlySet<number> | null) {
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
