import { Button } from '@mantine/core';
import { useState } from 'react';
import { CopyButton } from '../../../components/copy-button.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { StatusBadge } from '../../../components/status-badge.tsx';
import card from '../key/key-tab.module.css';
import type { Server } from './server.ts';
import { EditServerDialog } from './server-form.tsx';
import { ServerQuestion, type Verb } from './server-question.tsx';

interface ServerCardProps {
  readonly server: Server;
  /** Of an organization that has two. */
  readonly other: Server | null;
  readonly mayManage: boolean;
  /** And so say whose tokens are taken, not only that they are taken no longer. */
  readonly mayAdd: boolean;
  /** Somebody else has changed it meanwhile. */
  readonly onMoved: () => void;
}

export function ServerCard({ server, other, mayManage, mayAdd, onMoved }: ServerCardProps) {
  const [dialog, setDialog] = useState<'EDIT' | Verb | null>(null);
  const { name, issuer, jwksUrl, audience, isEnabled, createdAt, createdByName } = server;
  const close = () => setDialog(null);
  return (
    <section className={card.card} aria-label={name}>
      <div className={card.cardHead}>
        <h2 className={card.cardTitle} dir="auto">
          {name}
        </h2>
        <StatusBadge status={isEnabled ? 'enabled' : 'disabled'} />
      </div>
      <dl className={card.facts}>
        <Fact label="Issuer" value={issuer} />
        <Fact label="Keys (JWKS)" value={jwksUrl} />
        <Fact label="Audience" value={audience} />
        <dt>Added</dt>
        <dd>
          <RelativeTime at={createdAt} /> by <bdi>{createdByName}</bdi>
        </dd>
      </dl>
      {mayManage && (
        <div className={card.actions}>
          {mayAdd && (
            <Button size="xs" variant="default" onClick={() => setDialog('EDIT')}>
              Edit
            </Button>
          )}
          {isEnabled ? (
            <Button size="xs" variant="default" onClick={() => setDialog('DISABLE')}>
              Disable
            </Button>
          ) : (
            mayAdd && (
              <Button size="xs" variant="default" onClick={() => setDialog('ENABLE')}>
                Enable
              </Button>
            )
          )}
          <Button size="xs" variant="default" className={card.apart} onClick={() => setDialog('DELETE')}>
            Delete
          </Button>
        </div>
      )}
      <EditServerDialog server={server} opened={dialog === 'EDIT'} onClose={close} onMoved={onMoved} />
      {(['ENABLE', 'DISABLE', 'DELETE'] as const).map((verb) => (
        <ServerQuestion
          key={verb}
          verb={verb}
          server={server}
          other={other}
          opened={dialog === verb}
          onClose={close}
          onMoved={onMoved}
        />
      ))}
    </section>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <span className={card.mono}>{value}</span> <CopyButton value={value} label={`Copy ${label.toLowerCase()}`} />
      </dd>
    </>
  );
}
