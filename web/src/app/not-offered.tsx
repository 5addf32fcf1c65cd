import { Code } from '@mantine/core';
import { LockKeyhole } from 'lucide-react';
import { Fragment } from 'react';
import { EmptyState } from '../components/states.tsx';
import { useViewer, type Viewer } from '../session/viewer.ts';
import { isStaff, type Screen } from './screen.ts';

/** What is shown to whoever comes by the address of a screen that is not theirs: what it takes, and who can give it. */
export function NotOffered({ screen: { permission = [], isFor } }: { readonly screen: Screen }) {
  const viewer = useViewer();
  return (
    <EmptyState icon={LockKeyhole} title="Your role does not allow this">
      {isFor?.(viewer) === false || viewer.onBehalfOf !== null ? (
        whoseItIs(viewer)
      ) : (
        <WhatItTakes anyOf={[permission].flat()} />
      )}
    </EmptyState>
  );
}

function whoseItIs(viewer: Viewer): string {
  if (!isStaff(viewer)) return 'This is for staff of a provider. What is yours is on the page of your organization.';
  return `You act on behalf of ${viewer.onBehalfOf}, and this is not lent. Stop that first, in the account menu.`;
}

function WhatItTakes({ anyOf }: { readonly anyOf: readonly string[] }) {
  const { organization } = useViewer();
  return (
    <>
      It needs the permission{' '}
      {anyOf.map((permission, index) => (
        <Fragment key={permission}>
          {index > 0 && ' or '}
          <Code>{permission}</Code>
        </Fragment>
      ))}
      . Whoever manages people at your {organization === null ? 'provider' : 'organization'} can give you a role that
      has it.
    </>
  );
}
