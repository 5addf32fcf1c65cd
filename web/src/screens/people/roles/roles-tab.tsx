import { Button, Skeleton, Text, Title } from '@mantine/core';
import { ShieldPlus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTenantId, useTenants } from '../../../app/tenant.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { roleInWords } from '../../../components/role.ts';
import { EmptyState, ErrorState } from '../../../components/states.tsx';
import { failureOf } from '../../../graphql/failure.ts';
import { useAction } from '../../../graphql/use-action.ts';
import { useFreshQuery } from '../../../graphql/use-fresh-query.ts';
import { useViewer } from '../../../session/viewer.ts';
import { HeldPermissions } from '../held-permissions.tsx';
import people from '../people.module.css';
import { isOwn, type OwnRole, type RoleChoice } from './own-role.ts';
import { DeleteCustomRoleDocument, RolesPageDocument } from './roles.graphql.ts';
import classes from './roles.module.css';

const RoleDialog = lazy(() => import('./role-dialog.tsx'));

type Open =
  | { readonly kind: 'CREATE' }
  | { readonly kind: 'EDIT'; readonly role: OwnRole }
  | { readonly kind: 'DELETE'; readonly role: OwnRole };

/** What the roles of a provider bundle; its own can be made, changed and deleted. */
export default function RolesTab() {
  const viewer = useViewer();
  const tenantId = useTenantId();
  const tenants = useTenants();
  const provider = tenants.find(({ id }) => id === tenantId) ?? viewer.serviceProvider;
  const serviceProviderId = provider?.id ?? null;
  const [{ data, error }, ask] = useFreshQuery({ query: RolesPageDocument, variables: { serviceProviderId } });
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  if (error !== undefined && data === undefined) {
    return <ErrorState failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  }
  const own = data?.roles.filter(isOwn) ?? [];
  const add = (
    <Button size="xs" leftSection={<ShieldPlus size={14} />} onClick={() => setOpen({ kind: 'CREATE' })}>
      Create role
    </Button>
  );
  return (
    <div className={classes.scroller}>
      <div className={people.bar}>
        <p className={people.lead}>
          {provider === null
            ? 'The roles of platform staff. Choose a provider in the breadcrumb to see and define its own.'
            : `Own roles of ${provider.name} hold there and at the resellers and organizations below.`}
        </p>
        <span className={people.end} />
        {own.length > 0 && add}
      </div>
      {data === undefined ? (
        <Loading />
      ) : (
        <>
          {provider !== null && (
            <section className={classes.section} aria-labelledby="own-roles">
              <Title order={2} size="h5" id="own-roles">
                Own roles
              </Title>
              {own.length === 0 && (
                <EmptyState icon={ShieldPlus} title="No role of your own yet" action={add}>
                  A role of your own bundles exactly what a group of people needs, and never more than you may do
                  yourself.
                </EmptyState>
              )}
              {own.map((role) => (
                <Role
                  key={role.customRole.id}
                  role={role}
                  madeBy={role.customRole.serviceProvider}
                  providerId={provider.id}
                  onEdit={() => setOpen({ kind: 'EDIT', role })}
                  onDelete={() => setOpen({ kind: 'DELETE', role })}
                />
              ))}
            </section>
          )}
          <section className={classes.section} aria-labelledby="product-roles">
            <Title order={2} size="h5" id="product-roles">
              Roles of the product
            </Title>
            {data.roles
              .filter((role) => !isOwn(role))
              .map((role) => (
                <Role key={role.name} role={role} />
              ))}
          </section>
        </>
      )}
      <Suspense fallback={null}>
        {provider !== null && open?.kind === 'CREATE' && (
          <RoleDialog existing={null} provider={provider} onClose={close} />
        )}
        {provider !== null && open?.kind === 'EDIT' && (
          <RoleDialog existing={open.role} provider={provider} onClose={close} />
        )}
      </Suspense>
      {open?.kind === 'DELETE' && <DeleteRole role={open.role} onClose={close} />}
    </div>
  );
}

interface RoleProps {
  readonly role: RoleChoice;
  readonly madeBy?: { readonly id: string; readonly name: string };
  readonly providerId?: string;
  readonly onEdit?: () => void;
  readonly onDelete?: () => void;
}

function Role({ role, madeBy, providerId, onEdit, onDelete }: RoleProps) {
  const name = roleInWords(role.name);
  return (
    <article className={classes.role} aria-label={name}>
      <div className={classes.head}>
        <Text fw={600} size="sm" dir="auto">
          {name}
        </Text>
        {madeBy !== undefined && madeBy.id !== providerId && (
          <Text size="xs" c="var(--kw-ink-2)">
            defined by {madeBy.name}
          </Text>
        )}
        {!role.mayGrant && (
          <Text size="xs" c="var(--kw-ink-2)">
            More than you may do: you cannot give it to anybody.
          </Text>
        )}
        {onEdit !== undefined && (
          <span className={people.end}>
            <Button
              variant="subtle"
              size="compact-xs"
              disabled={!role.mayGrant}
              onClick={onEdit}
              aria-label={`Edit ${name}`}
            >
              Edit
            </Button>
            <Button
              variant="subtle"
              color="gray"
              size="compact-xs"
              disabled={!role.mayGrant}
              onClick={onDelete}
              aria-label={`Delete ${name}`}
            >
              Delete
            </Button>
          </span>
        )}
      </div>
      <HeldPermissions permissions={role.permissions} />
    </article>
  );
}

function DeleteRole({ role, onClose }: { readonly role: OwnRole; readonly onClose: () => void }) {
  const action = useAction(DeleteCustomRoleDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete the role ${role.name}`}
      verb="Delete role"
      consequences={['It can be deleted once nobody has it any more and no issuer gives it.']}
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run({ customRoleId: role.customRole.id }, `Deleted the role ${role.name}.`)
          .then((isDone) => isDone && onClose())
      }
    />
  );
}

function Loading() {
  return (
    <div className={classes.section} aria-busy="true">
      {[1, 2, 3].map((each) => (
        <Skeleton key={each} height={64} />
      ))}
    </div>
  );
}
