import { Button, Skeleton, Text, Title } from '@mantine/core';
import { Fingerprint } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTenantId, useTenantName } from '../../../app/tenant.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { MoreOf } from '../../../components/more-of.tsx';
import { roleInWords } from '../../../components/role.ts';
import { EmptyState, ErrorState } from '../../../components/states.tsx';
import { StatusBadge } from '../../../components/status-badge.tsx';
import { useAction } from '../../../graphql/use-action.ts';
import { usePages } from '../../../graphql/use-pages.ts';
import classes from '../settings.module.css';
import {
  DeleteTrustedIssuerDocument,
  type TrustedIssuerCardFragment,
  TrustedIssuersDocument,
  UpdateTrustedIssuerDocument,
} from './single-sign-on.graphql.ts';

const IssuerDialog = lazy(() => import('./issuer-dialog.tsx'));

type Question = 'EDIT' | 'SWITCH' | 'DELETE';
type Open = { readonly kind: 'CREATE' } | { readonly kind: Question; readonly issuer: TrustedIssuerCardFragment };

/** The OpenID providers by which people of the tenant sign in. */
export default function SingleSignOn() {
  const serviceProviderId = useTenantId();
  const tenantName = useTenantName();
  const pages = usePages(TrustedIssuersDocument, { serviceProviderId }, (data) => data.trustedIssuers);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  if (pages.failure !== null && pages.rows.length === 0) {
    return <ErrorState failure={pages.failure} onRetry={pages.retry} />;
  }
  const add = (
    <Button size="xs" leftSection={<Fingerprint size={14} />} onClick={() => setOpen({ kind: 'CREATE' })}>
      Trust an issuer
    </Button>
  );
  return (
    <>
      {pages.isLoading && <Skeleton height={180} />}
      {!pages.isLoading && pages.rows.length === 0 && (
        <EmptyState
          icon={Fingerprint}
          title={tenantName === null ? 'No single sign-on yet' : `No single sign-on at ${tenantName} yet`}
          action={add}
        >
          Trust your company’s OpenID provider, and its people sign in with the account that they have there. Nobody
          needs a password here.
        </EmptyState>
      )}
      {pages.rows.length > 0 && <div className={classes.end}>{add}</div>}
      {pages.rows.map((issuer) => (
        <Issuer key={issuer.id} issuer={issuer} onAsk={(kind) => setOpen({ kind, issuer })} />
      ))}
      <MoreOf pages={pages} />
      <Suspense fallback={null}>
        {open?.kind === 'CREATE' && <IssuerDialog issuer={null} onClose={close} />}
        {open?.kind === 'EDIT' && <IssuerDialog issuer={open.issuer} onClose={close} />}
        {open?.kind === 'SWITCH' && <SwitchIssuer issuer={open.issuer} onClose={close} />}
        {open?.kind === 'DELETE' && <DeleteIssuer issuer={open.issuer} onClose={close} />}
      </Suspense>
    </>
  );
}

interface IssuerProps {
  readonly issuer: TrustedIssuerCardFragment;
  readonly onAsk: (question: Question) => void;
}

function Issuer({ issuer, onAsk }: IssuerProps) {
  const { name, isEnabled, audience, domains, signInUrl, redirectUri, roleClaim, roleMapping, serviceProvider } =
    issuer;
  return (
    <article className={classes.card} aria-label={name}>
      <div className={classes.cardHead}>
        <Title order={2} size="h5" dir="auto">
          {name}
        </Title>
        <StatusBadge status={isEnabled ? 'active' : 'switchedOff'} />
        <span className={classes.end}>
          <Button variant="subtle" size="compact-xs" aria-label={`Edit ${name}`} onClick={() => onAsk('EDIT')}>
            Edit
          </Button>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            aria-label={`Switch ${isEnabled ? 'off' : 'on'} ${name}`}
            onClick={() => onAsk('SWITCH')}
          >
            {isEnabled ? 'Switch off' : 'Switch on'}
          </Button>
          <Button
            variant="subtle"
            color="red"
            size="compact-xs"
            aria-label={`Delete ${name}`}
            onClick={() => onAsk('DELETE')}
          >
            Delete
          </Button>
        </span>
      </div>
      <dl className={classes.facts}>
        <dt>Single sign-on address</dt>
        <dd>
          {signInUrl === null ? (
            'None: without a client id only its tokens are taken'
          ) : (
            <>
              <code>{signInUrl}</code> <CopyButton value={signInUrl} label="Copy single sign-on address" />
              <Text size="xs" c="var(--kw-ink-2)">
                Give it to your people: they open it, or paste it once on the sign-in page.
              </Text>
            </>
          )}
        </dd>
        <dt>Redirect URI</dt>
        <dd>
          <code>{redirectUri}</code> <CopyButton value={redirectUri} label="Copy redirect URI" />
        </dd>
        <dt>Issuer</dt>
        <dd>
          <code>{issuer.issuer}</code>
        </dd>
        <dt>Audience</dt>
        <dd>
          <code>{audience}</code>
        </dd>
        <dt>Its people are staff of</dt>
        <dd dir="auto">{serviceProvider?.name ?? 'The platform'}</dd>
        <dt>Mail domains</dt>
        <dd>{domains.length === 0 ? 'Any' : domains.join(', ')}</dd>
        <dt>Roles by {roleClaim}</dt>
        <dd>
          {roleMapping.map(({ value, role }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: in the order in which they count
            <div key={index}>
              <code>{value}</code> is {role === null ? 'a role of your own' : roleInWords(role)}
            </div>
          ))}
        </dd>
      </dl>
    </article>
  );
}

interface QuestionProps {
  readonly issuer: TrustedIssuerCardFragment;
  readonly onClose: () => void;
}

function SwitchIssuer({ issuer: { id, name, isEnabled }, onClose }: QuestionProps) {
  const action = useAction(UpdateTrustedIssuerDocument);
  const verb = isEnabled ? 'Switch off' : 'Switch on';
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`${verb} ${name}`}
      verb={verb}
      consequences={
        isEnabled
          ? ['Its people are signed out and cannot sign in by it.', 'Its tokens are refused.']
          : ['Its people sign in by it again, and its tokens are taken.']
      }
      isUndoable
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run({ trustedIssuerId: id, isEnabled: !isEnabled }, `Switched ${name} ${isEnabled ? 'off' : 'on'}.`)
          .then((isDone) => isDone && onClose())
      }
    />
  );
}

function DeleteIssuer({ issuer: { id, name }, onClose }: QuestionProps) {
  const action = useAction(DeleteTrustedIssuerDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${name}`}
      verb="Delete issuer"
      consequences={[
        'Everybody who came in by it is signed out and removed.',
        'What they did stays in the audit trail under their names.',
      ]}
      typed={name}
      isRunning={action.isRunning}
      onConfirm={() =>
        void action.run({ trustedIssuerId: id }, `Deleted ${name}.`).then((isDone) => isDone && onClose())
      }
    />
  );
}
