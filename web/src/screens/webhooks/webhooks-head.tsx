import type { ReactNode } from 'react';
import { PageParts } from '../../app/page-parts.tsx';
import { PageHead } from '../../components/page-head.tsx';

const parts = [
  { path: '/webhooks', label: 'Endpoints' },
  { path: '/notifications', label: 'Mail' },
];

interface WebhooksHeadProps {
  /** Of the part that is shown. */
  readonly help: ReactNode;
  /** What can be done there. */
  readonly children?: ReactNode;
}

/** What tells programs and people of events. */
export function WebhooksHead({ help, children }: WebhooksHeadProps) {
  return (
    <>
      <PageHead title="Webhooks and mail" help={help}>
        {children}
      </PageHead>
      <PageParts label="Parts of webhooks and mail" parts={parts} />
    </>
  );
}
