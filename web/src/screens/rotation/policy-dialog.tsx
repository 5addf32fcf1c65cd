import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useLikelyProvider } from '../../app/provider-select.tsx';
import { useFields } from '../../components/fields.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { showDone } from '../../components/toasts.tsx';
import { WholeNumberInput } from '../../components/whole-number-input.tsx';
import { useCommand } from '../../graphql/use-command.ts';
import { DueFields } from './due-fields.tsx';
import { PlaceField, type PolicyPlace, placeInput } from './place-field.tsx';
import { filledIn, firstTerms, type Terms } from './policy-terms.ts';
import {
  CreateRotationPolicyDocument,
  type PolicyFragment,
  ProviderOverlapDocument,
  UpdateRotationPolicyDocument,
} from './rotation.graphql.ts';
import classes from './rotation.module.css';
import { parseNoticeDays } from './rotation-words.ts';

interface PolicyDialogProps {
  /** Null: a new one. */
  readonly policy: PolicyFragment | null;
  readonly onClose: () => void;
}

/** How old keys may become, and what happens then. A policy keeps its place. */
export default function PolicyDialog({ policy, onClose }: PolicyDialogProps) {
  const likely = useLikelyProvider();
  const create = useCommand(CreateRotationPolicyDocument);
  const update = useCommand(UpdateRotationPolicyDocument);
  const { maximumAgeDays, mode, window, sharedString, overlapMinutes, overlapGraceMinutes } = policy ?? firstTerms;
  const [terms, setTerms] = useState<Terms>({
    ...{ maximumAgeDays, mode, window, sharedString, overlapMinutes, overlapGraceMinutes },
  });
  const providerId = policy?.serviceProvider.id ?? likely;
  const [place, setPlace] = useState<PolicyPlace>({ kind: 'PROVIDER', id: providerId, providerId });
  const fields = useFields({
    ...{ name: policy?.name ?? '', noticeDays: (policy?.noticeDays ?? [14, 7, 1]).join(', ') },
    ...{ maximumAgeDays: '', mode: '', window: '', sharedString: '', overlapMinutes: '', overlapGraceMinutes: '' },
    ...{ serviceProviderId: '', organizationGroupId: '', organizationId: '' },
  });
  const [{ data: provider }] = useQuery({
    query: ProviderOverlapDocument,
    variables: { id: place.providerId ?? '' },
    pause: place.providerId === null,
  });
  const { name, noticeDays: notice } = fields.values;
  const noticeDays = parseNoticeDays(notice);
  const filled = filledIn(terms);
  const errorOf = (field: Parameters<typeof fields.text>[0]) => fields.text(field).error;
  const set = (changes: Partial<Terms>) => {
    setTerms({ ...terms, ...changes });
    fields.set(Object.fromEntries(Object.keys(changes).map((field) => [field, ''])));
  };

  async function submit(): Promise<void> {
    if (noticeDays === null || filled === null) return;
    const { days, fromHour, toHour, timeZone } = filled.window;
    const said = { ...filled, name, noticeDays, window: { days, fromHour, toHour, timeZone } };
    const result =
      policy === null
        ? await create.run({ ...placeInput(place), ...said })
        : await update.run({ rotationPolicyId: policy.id, ...said });
    if (!result.isDone) return fields.refuse(result.failures);
    showDone(`${policy === null ? 'Added' : 'Saved'} ${name}. What it means for each key is told first.`);
    onClose();
  }

  return (
    <FormDialog
      title={policy === null ? 'Add a rotation policy' : `Edit ${policy.name}`}
      verb={policy === null ? 'Add policy' : 'Save changes'}
      size="lg"
      isRunning={create.isRunning || update.isRunning}
      isDisabled={
        noticeDays === null ||
        filled === null ||
        terms.window.days.length === 0 ||
        (policy === null && place.id === null)
      }
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput label="Name" required withAsterisk={false} data-autofocus dir="auto" {...fields.text('name')} />
      {policy === null && (
        <PlaceField
          place={place}
          onChange={setPlace}
          error={errorOf('serviceProviderId') ?? errorOf('organizationGroupId') ?? errorOf('organizationId')}
        />
      )}
      <div className={classes.pair}>
        <WholeNumberInput
          label="Maximum age, in days"
          description="Since it was made."
          min={1}
          max={3650}
          value={terms.maximumAgeDays}
          onChange={(days) => set({ maximumAgeDays: days })}
          error={errorOf('maximumAgeDays')}
        />
        <TextInput
          label="Told ahead, in days"
          description="Empty: not at all."
          {...fields.text('noticeDays')}
          error={noticeDays === null ? 'Whole days, separated by commas.' : errorOf('noticeDays')}
        />
      </div>
      <DueFields
        terms={terms}
        allowedOverlap={provider?.serviceProvider?.overlapAllowedMinutes ?? null}
        onChange={set}
        errorOf={errorOf}
      />
    </FormDialog>
  );
}
