import { Text, TextInput } from '@mantine/core';
import { useTenantId } from '../../../app/tenant.ts';
import { useFields } from '../../../components/fields.ts';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { showDone } from '../../../components/toasts.tsx';
import { useCommand } from '../../../graphql/use-command.ts';
import { useViewer } from '../../../session/viewer.ts';
import { ClientFields, IdentityFields, PeopleFields } from './issuer-fields.tsx';
import { issuerInput, issuerValues } from './issuer-values.ts';
import {
  CreateTrustedIssuerDocument,
  type TrustedIssuerCardFragment,
  UpdateTrustedIssuerDocument,
} from './single-sign-on.graphql.ts';

interface IssuerDialogProps {
  /** Null: a new one. */
  readonly issuer: TrustedIssuerCardFragment | null;
  readonly onClose: () => void;
}

export default function IssuerDialog({ issuer, onClose }: IssuerDialogProps) {
  const viewer = useViewer();
  const tenantId = useTenantId();
  const fields = useFields(issuerValues(issuer, tenantId ?? viewer.serviceProvider?.id ?? null));
  const create = useCommand(CreateTrustedIssuerDocument);
  const update = useCommand(UpdateTrustedIssuerDocument);
  const { name, issuer: address, audience, serviceProviderId, roleMapping } = fields.values;
  const isMapped = roleMapping.every(({ role, customRoleId }) => role !== null || customRoleId !== null);

  async function submit() {
    const common = issuerInput(fields.values);
    const result =
      issuer === null
        ? await create.run({ ...common, issuer: address, audience, serviceProviderId })
        : await update.run({ ...common, trustedIssuerId: issuer.id });
    if (!result.isDone) return fields.refuse(result.failures);
    showDone(issuer === null ? `${name} is trusted now.` : `Changed ${name}. Its people sign in again.`);
    onClose();
  }

  return (
    <FormDialog
      title={issuer === null ? 'Trust an issuer' : `Edit ${issuer.name}`}
      verb={issuer === null ? 'Trust issuer' : 'Save changes'}
      size="lg"
      isRunning={create.isRunning || update.isRunning}
      isDisabled={!isMapped}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput label="Name" required withAsterisk={false} data-autofocus {...fields.text('name')} />
      {issuer === null && <IdentityFields fields={fields} />}
      <ClientFields fields={fields} hasSecret={issuer?.hasClientSecret === true} />
      <PeopleFields fields={fields} />
      {issuer !== null && (
        <Text size="sm" role="status">
          Anything but the name ends the sessions of all who came in by it.
        </Text>
      )}
    </FormDialog>
  );
}
