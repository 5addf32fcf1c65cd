import { Radio, Stack, Switch } from '@mantine/core';
import { OverlapFields } from './overlap-fields.tsx';
import { firstTerms, type Terms } from './policy-terms.ts';
import type { RotationMode } from './rotation.graphql.ts';
import { WindowField } from './window-field.tsx';

const modes: readonly { readonly value: RotationMode; readonly label: string; readonly description: string }[] = [
  { value: 'NOTIFY', label: 'Tell people', description: 'They rotate the key themselves.' },
  { value: 'AUTOMATIC', label: 'Rotate by itself', description: 'In the window, and tell people before and after.' },
];
interface DueFieldsProps {
  readonly terms: Terms;
  /** Minutes that the provider allows; null: it is not known yet. */
  readonly allowedOverlap: number | null;
  readonly onChange: (changes: Partial<Terms>) => void;
  readonly errorOf: (field: keyof Terms) => string | undefined;
}

/** What happens when a key is due, and when. */
export function DueFields({ terms, allowedOverlap, onChange, errorOf }: DueFieldsProps) {
  return (
    <>
      <Radio.Group
        label="When a key is due"
        value={terms.mode}
        onChange={(value) =>
          onChange({
            mode: modes.find((each) => each.value === value)?.value ?? 'NOTIFY',
            // Their fields may go with the mode: none is left empty out of sight.
            overlapMinutes: terms.overlapMinutes ?? firstTerms.overlapMinutes,
            overlapGraceMinutes: terms.overlapGraceMinutes ?? firstTerms.overlapGraceMinutes,
          })
        }
        error={errorOf('mode')}
      >
        <Stack gap={8} mt={6}>
          {modes.map((each) => (
            <Radio key={each.value} size="xs" {...each} />
          ))}
        </Stack>
      </Radio.Group>
      <WindowField window={terms.window} onChange={(next) => onChange({ window: next })} error={errorOf('window')} />
      {terms.mode === 'AUTOMATIC' && (
        <>
          <Switch
            label="Organizations on one string get a new one together"
            description="In one flip, as soon as the first of them is due; else each gets a string of its own."
            checked={terms.sharedString}
            onChange={(event) => onChange({ sharedString: event.currentTarget.checked })}
          />
          <OverlapFields
            minutes={terms.overlapMinutes}
            graceMinutes={terms.overlapGraceMinutes}
            allowed={allowedOverlap}
            onMinutes={(minutes) => onChange({ overlapMinutes: minutes })}
            onGraceMinutes={(minutes) => onChange({ overlapGraceMinutes: minutes })}
            error={errorOf('overlapMinutes')}
            graceError={errorOf('overlapGraceMinutes')}
          />
        </>
      )}
    </>
  );
}
