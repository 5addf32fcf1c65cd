import { Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { ProviderSelect } from '../../../app/provider-select.tsx';
import { useTenants } from '../../../app/tenant.ts';
import type { Fields } from '../../../components/fields.ts';

/** A new group, one that gets more members, or the one that is looked at and loses some. */
export type What = 'NEW' | 'ADD' | 'REMOVE';

export interface GroupValues {
  readonly what: What;
  /** Of a new one, with the provider. */
  readonly name: string;
  readonly serviceProviderId: string;
  /** Of the one to add to. */
  readonly groupId: string | null;
}

export interface ChosenGroup {
  readonly id: string;
  readonly name: string;
}

interface FieldsProps {
  readonly fields: Fields<GroupValues>;
}

/** Whether to save a new group or change one that there is. */
export function WhatField({ fields, current }: FieldsProps & { readonly current: ChosenGroup | undefined }) {
  return (
    <Radio.Group
      aria-label="What to do"
      value={fields.values.what}
      onChange={(value) => fields.set({ what: value === 'ADD' || value === 'REMOVE' ? value : 'NEW' })}
    >
      <Stack gap={6}>
        <Radio size="xs" value="NEW" label="Save as a new group" />
        <Radio size="xs" value="ADD" label="Add to a group" />
        {current !== undefined && <Radio size="xs" value="REMOVE" label={`Take out of ${current.name}`} />}
      </Stack>
    </Radio.Group>
  );
}

export function NewGroupFields({ fields, isByHand }: FieldsProps & { readonly isByHand: boolean }) {
  const tenants = useTenants();
  const { serviceProviderId } = fields.values;
  return (
    <>
      <TextInput label="Name" required maxLength={200} dir="auto" data-autofocus {...fields.text('name')} />
      {(tenants.length > 1 || serviceProviderId === '') && (
        <ProviderSelect
          label="Provider"
          description="It and its resellers have the members."
          value={serviceProviderId || null}
          error={fields.text('serviceProviderId').error}
          onChange={(next) => next !== null && fields.set({ serviceProviderId: next })}
        />
      )}
      {!isByHand && (
        <Text size="sm" c="var(--kw-ink-2)">
          The filter is saved: whoever matches it when the group is used is in it.
        </Text>
      )}
    </>
  );
}

export function GroupField({ fields, groups }: FieldsProps & { readonly groups: readonly ChosenGroup[] }) {
  return (
    <Select
      label="Group"
      searchable
      data={groups.map(({ id, name }) => ({ value: id, label: name }))}
      value={fields.values.groupId}
      onChange={(groupId) => fields.set({ groupId })}
    />
  );
}
