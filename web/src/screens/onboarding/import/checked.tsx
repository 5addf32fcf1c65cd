import { Button, Radio, Stack, Text } from '@mantine/core';
import { plural, wholeNumber } from '../../../components/time.ts';
import classes from '../onboarding.module.css';
import type { Atomicity, ImportView } from './import-api.ts';

interface CheckedProps {
  readonly view: ImportView;
  readonly atomicity: Atomicity;
  readonly onAtomicity: (atomicity: Atomicity) => void;
}

/** What a check has found, and what is to become of the rows that are refused. */
export function Checked({ view: { changed, unchanged, refused }, atomicity, onAtomicity }: CheckedProps) {
  return (
    <Stack gap="sm">
      <ul className={classes.counts} aria-label="What would happen">
        <li>
          <b>{wholeNumber(changed)}</b> will be added
        </li>
        <li>
          <b>{wholeNumber(unchanged)}</b> {unchanged === 1 ? 'is' : 'are'} there already
        </li>
        <li>
          <b>{wholeNumber(refused)}</b> {refused === 1 ? 'is' : 'are'} refused
        </li>
      </ul>
      {refused > 0 && (
        <Radio.Group
          label="Rows that are refused"
          value={atomicity}
          onChange={(value) => onAtomicity(value === 'PER_ORGANIZATION' ? 'PER_ORGANIZATION' : 'ALL_OR_NOTHING')}
        >
          <Stack gap={6} mt={6}>
            <Radio
              size="xs"
              value="ALL_OR_NOTHING"
              label="All or nothing: mend the file first, then import all of it"
            />
            <Radio
              size="xs"
              value="PER_ORGANIZATION"
              label={`Row by row: leave out ${plural(refused, 'row')}, import the others`}
            />
          </Stack>
        </Radio.Group>
      )}
    </Stack>
  );
}

interface ActionsProps {
  readonly isChecked: boolean;
  readonly canCheck: boolean;
  readonly view: ImportView | null;
  readonly atomicity: Atomicity;
  readonly onCheck: () => void;
  readonly onImport: () => void;
}

/** Check first, then import; why not, where not. */
export function Actions({ isChecked, canCheck, view, atomicity, onCheck, onImport }: ActionsProps) {
  if (!isChecked || view === null) {
    return (
      <div className={classes.bar}>
        <Button onClick={onCheck} disabled={!canCheck}>
          Check file
        </Button>
        {!canCheck && <Text size="sm">Choose the provider that the organizations are to belong to.</Text>}
      </div>
    );
  }
  const reason =
    view.changed === 0
      ? 'No row of the file would add anything.'
      : view.refused > 0 && atomicity === 'ALL_OR_NOTHING'
        ? `${plural(view.refused, 'row')} ${view.refused === 1 ? 'is' : 'are'} refused. Mend the file and choose it again, or import row by row.`
        : null;
  return (
    <div className={classes.bar}>
      <Button onClick={onImport} disabled={reason !== null}>
        Import {plural(view.changed, 'organization')}
      </Button>
      {reason !== null && <Text size="sm">{reason}</Text>}
    </div>
  );
}
