import { Button, Group, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useLikelyProvider } from '../../../app/provider-select.tsx';
import { useFields } from '../../../components/fields.ts';
import { Modal } from '../../../components/modal.tsx';
import { plural } from '../../../components/time.ts';
import { showDone } from '../../../components/toasts.tsx';
import { useCommand } from '../../../graphql/use-command.ts';
import type { BulkActionProps } from '../../organizations/bulk-action.ts';
import classes from '../sync.module.css';
import { type BulkTarget, targetInput, targetInWords, targetOf } from '../target.ts';
import { GroupField, type GroupValues, NewGroupFields, WhatField } from './group-fields.tsx';
import { CreateGroupDocument, UpdateGroupDocument } from './groups.graphql.ts';
import { useSavedGroups } from './saved-groups.ts';

const verbs = { NEW: 'Save group', ADD: 'Add to group', REMOVE: 'Take out' } as const;

interface GroupDialogProps extends BulkActionProps {
  readonly onClose: () => void;
}

/** Saves a selection under a name, or puts it into a group that there is, or takes it out of the one that is looked at. */
export default function GroupDialog({ selection, filter, total, onDone, onClose }: GroupDialogProps) {
  const [target] = useState(() => targetOf(selection, filter, total));
  const fields = useFields<GroupValues>({
    what: 'NEW',
    name: '',
    serviceProviderId: useLikelyProvider() ?? '',
    groupId: null,
  });
  const { what, groupId } = fields.values;
  const byHand = useSavedGroups(null).rows.filter(({ kind }) => kind === 'BY_HAND');
  const current = byHand.find(({ id }) => id === filter.groupId);
  const isByHand = target.kind === 'THESE';
  const saving = useSaving(target);

  async function save(event: FormEvent) {
    event.preventDefault();
    const result = await saving.run(fields.values, current?.id);
    if (!result.isDone) return fields.refuse(result.failures);
    const group = result.payload.organizationGroup;
    if (group !== null) showDone(`${group.name} has ${plural(group.organizationCount, 'organization')}`);
    onClose();
    onDone();
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={`Group ${targetInWords(target)}`}
      centered
      classNames={{ title: classes.dialogTitle }}
    >
      <form onSubmit={(event) => void save(event)}>
        <Stack gap="md">
          {isByHand && byHand.length > 0 && <WhatField fields={fields} current={current} />}
          {what === 'NEW' && <NewGroupFields fields={fields} isByHand={isByHand} />}
          {what === 'ADD' && <GroupField fields={fields} groups={byHand} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={saving.isRunning} disabled={what === 'ADD' && groupId === null}>
              {verbs[what]}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function useSaving(target: BulkTarget) {
  const create = useCommand(CreateGroupDocument);
  const update = useCommand(UpdateGroupDocument);
  const ids = target.kind === 'THESE' ? target.ids : [];
  return {
    isRunning: create.isRunning || update.isRunning,
    run({ what, name, serviceProviderId, groupId }: GroupValues, currentId: string | undefined) {
      if (what === 'NEW') return create.run({ name, serviceProviderId, ...targetInput(target) });
      if (what === 'ADD') return update.run({ organizationGroupId: groupId ?? '', addOrganizationIds: ids });
      return update.run({ organizationGroupId: currentId ?? '', removeOrganizationIds: ids });
    },
  };
}
