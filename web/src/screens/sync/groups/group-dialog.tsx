import { Button, Group, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTenants } from '../../../app/tenant.ts';
import { useFields } from '../../../components/fields.ts';
import { Modal } from '../../../components/modal.tsx';
import { plural } from '../../../components/time.ts';
import { showDone } from '../../../components/toasts.tsx';
import type { Failure } from '../../../graphql/failure.ts';
import { useCommand } from '../../../graphql/use-command.ts';
import { useViewer } from '../../../session/viewer.ts';
import type { BulkActionProps } from '../../organizations/bulk-action.ts';
import { Notice } from '../operation-parts.tsx';
import classes from '../sync.module.css';
import { targetInWords, targetOf } from '../target.ts';
import { CreateGroupDocument, UpdateGroupDocument } from './groups.graphql.ts';
import { useSavedGroups } from './saved-groups.ts';

type What = 'NEW' | 'ADD' | 'REMOVE';

interface GroupDialogProps extends BulkActionProps {
  readonly onClose: () => void;
}

/** Saves a selection under a name, or puts it into a group that there is, or takes it out of the one that is looked at. */
export default function GroupDialog({ selection, filter, total, onDone, onClose }: GroupDialogProps) {
  const [target] = useState(() => targetOf(selection, filter, total));
  const [what, setWhat] = useState<What>('NEW');
  const tenants = useTenants();
  const { serviceProvider } = useViewer();
  const first = filter.serviceProviderId ?? serviceProvider?.id ?? tenants[0]?.id ?? '';
  const fields = useFields<{ name: string; serviceProviderId: string }>({ name: '', serviceProviderId: first });
  const [groupId, setGroupId] = useState<string | null>(null);
  const [others, setOthers] = useState<readonly Failure[]>([]);
  const create = useCommand(CreateGroupDocument);
  const update = useCommand(UpdateGroupDocument);
  const byHand = useSavedGroups(null).rows.filter(({ kind }) => kind === 'BY_HAND');
  const current = byHand.find(({ id }) => id === filter.groupId);
  const isByHand = target.kind === 'THESE';

  async function save(event: FormEvent) {
    event.preventDefault();
    const { name, serviceProviderId } = fields.values;
    const ids = target.kind === 'THESE' ? target.ids : [];
    const result =
      what === 'NEW'
        ? await create.run({
            name,
            serviceProviderId,
            ...(target.kind === 'THESE' ? { organizationIds: target.ids } : { filter: target.filter }),
          })
        : await update.run({
            organizationGroupId: (what === 'ADD' ? groupId : current?.id) ?? '',
            ...(what === 'ADD' ? { addOrganizationIds: ids } : { removeOrganizationIds: ids }),
          });
    if (!result.isDone) {
      fields.refuse(result.failures);
      setOthers(
        result.failures.filter(
          ({ field }) => field !== null && !['name', 'serviceProviderId'].includes(field.at(-1) ?? ''),
        ),
      );
      return;
    }
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
          {others.map(({ message }) => (
            <Notice key={message} tone="red">
              {message}
            </Notice>
          ))}
          {isByHand && byHand.length > 0 && (
            <Radio.Group
              aria-label="What to do"
              value={what}
              onChange={(value) => setWhat(value === 'ADD' || value === 'REMOVE' ? value : 'NEW')}
            >
              <Stack gap={6}>
                <Radio size="xs" value="NEW" label="Save as a new group" />
                <Radio size="xs" value="ADD" label="Add to a group" />
                {current !== undefined && <Radio size="xs" value="REMOVE" label={`Take out of ${current.name}`} />}
              </Stack>
            </Radio.Group>
          )}
          {what === 'NEW' && (
            <>
              <TextInput label="Name" required maxLength={200} dir="auto" data-autofocus {...fields.text('name')} />
              {tenants.length > 1 && (
                <Select
                  label="Provider"
                  description="It and its resellers have the members."
                  searchable
                  allowDeselect={false}
                  data={tenants.map(({ id, name }) => ({ value: id, label: name }))}
                  value={fields.values.serviceProviderId}
                  error={fields.text('serviceProviderId').error}
                  onChange={(serviceProviderId) => fields.set({ serviceProviderId: serviceProviderId ?? first })}
                />
              )}
              {!isByHand && (
                <Text size="sm" c="var(--kw-ink-2)">
                  The filter is saved: whoever matches it when the group is used is in it.
                </Text>
              )}
            </>
          )}
          {what === 'ADD' && (
            <Select
              label="Group"
              searchable
              data={byHand.map(({ id, name }) => ({ value: id, label: name }))}
              value={groupId}
              onChange={setGroupId}
            />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={create.isRunning || update.isRunning}
              disabled={what === 'ADD' && groupId === null}
            >
              {what === 'NEW' ? 'Save group' : what === 'ADD' ? 'Add to group' : 'Take out'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
