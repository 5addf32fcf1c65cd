import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useTenantId } from '../../../app/tenant.ts';
import { useFields } from '../../../components/fields.ts';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { PartialFailure } from '../../../components/states.tsx';
import { failureOf } from '../../../graphql/failure.ts';
import { useCommand } from '../../../graphql/use-command.ts';
import { useViewer } from '../../../session/viewer.ts';
import { PermissionChoice } from '../permission-choice.tsx';
import { permissionWords } from '../permission-words.ts';
import { ownPlace, type Place, PlaceSelect, placeInput } from '../place-select.tsx';
import type { NewSecret } from './new-secret.tsx';
import { whyNotGive } from './service-account-rules.ts';
import { CreateServiceAccountDocument, PermissionsOfPlaceDocument } from './service-accounts.graphql.ts';

interface CreateServiceAccountDialogProps {
  readonly onClose: () => void;
  readonly onSecret: (secret: NewSecret) => void;
}

/** What the strongest role of a place bundles is the most that an account there can hold. */
function useOffered({ serviceProviderId, organizationId }: Place) {
  const variables = { serviceProviderId, organizationId };
  const [{ data, error }, ask] = useQuery({ query: PermissionsOfPlaceDocument, variables });
  const most = new Set(data?.roles.flatMap(({ role, permissions }) => (role === null ? [] : permissions)));
  if (organizationId === null) most.add('gateway:verify');
  return {
    offered: Object.keys(permissionWords).filter((permission) => most.has(permission)),
    failure: error === undefined || data !== undefined ? null : failureOf(error),
    retry: () => ask({ requestPolicy: 'network-only' }),
  };
}

export default function CreateServiceAccountDialog({ onClose, onSecret }: CreateServiceAccountDialogProps) {
  const viewer = useViewer();
  const tenantId = useTenantId();
  const command = useCommand(CreateServiceAccountDocument);
  const fields = useFields({ name: '', permissions: '', serviceProviderId: '', organizationId: '' });
  const [place, setPlace] = useState(() => ownPlace(viewer, tenantId));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { offered, failure, retry } = useOffered(place);
  const permissions = offered.filter((permission) => chosen.includes(permission));
  const { name } = fields.values;

  async function submit() {
    const result = await command.run({ name, permissions, ...placeInput(place) });
    if (!result.isDone) return fields.refuse(result.failures);
    const { clientSecret, serviceAccount } = result.payload;
    onSecret({ name, clientId: serviceAccount?.clientId ?? '', clientSecret, isFirst: true });
  }

  return (
    <FormDialog
      title="Create a service account"
      verb="Create and show secret"
      size="lg"
      isRunning={command.isRunning}
      isDisabled={permissions.length === 0}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="The program that uses it. It stands in the audit trail."
        required
        withAsterisk={false}
        data-autofocus
        {...fields.text('name')}
      />
      <PlaceSelect
        label="Works at"
        description="It sees that place and what is below it."
        value={place}
        onChange={setPlace}
        error={fields.text('serviceProviderId').error ?? fields.text('organizationId').error}
      />
      {failure !== null && <PartialFailure failure={failure} onRetry={retry} />}
      <PermissionChoice
        label="It may"
        offered={offered}
        chosen={permissions}
        onChange={setChosen}
        whyNot={(permission) => whyNotGive(viewer, permission)}
        error={fields.text('permissions').error}
      />
    </FormDialog>
  );
}
