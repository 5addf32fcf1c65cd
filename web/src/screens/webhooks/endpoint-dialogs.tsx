import { lazy, Suspense } from 'react';
import { DeleteEndpoint, DisableEndpoint, RotateSecret } from './endpoint-questions.tsx';
import { type NewSecret, ShownSecret } from './new-secret.tsx';
import type { EndpointFragment } from './webhooks.graphql.ts';

const EndpointDialog = lazy(() => import('./endpoint-dialog.tsx'));
const ReplayDialog = lazy(() => import('./replay-dialog.tsx'));

export type EndpointQuestion = 'EDIT' | 'ROTATE' | 'REPLAY' | 'DISABLE' | 'DELETE';

/** What is asked about an endpoint, or told once. */
export type Open =
  | { readonly kind: 'CREATE' }
  | { readonly kind: EndpointQuestion; readonly endpoint: EndpointFragment }
  | { readonly kind: 'SECRET'; readonly secret: NewSecret };

interface EndpointDialogsProps {
  readonly open: Open | null;
  readonly onOpen: (open: Open | null) => void;
  readonly onDeleted?: () => void;
}

export function EndpointDialogs(props: EndpointDialogsProps) {
  return (
    <Suspense fallback={null}>
      <OpenDialog {...props} />
    </Suspense>
  );
}

function OpenDialog({ open, onOpen, onDeleted }: EndpointDialogsProps) {
  const close = () => onOpen(null);
  const onSecret = (secret: NewSecret) => onOpen({ kind: 'SECRET', secret });
  if (open === null) return null;
  switch (open.kind) {
    case 'CREATE':
      return <EndpointDialog endpoint={null} onSecret={onSecret} onClose={close} />;
    case 'SECRET':
      return <ShownSecret of={open.secret} onClose={close} />;
    case 'EDIT':
      return <EndpointDialog endpoint={open.endpoint} onSecret={onSecret} onClose={close} />;
    case 'ROTATE':
      return <RotateSecret endpoint={open.endpoint} onSecret={onSecret} onClose={close} />;
    case 'REPLAY':
      return <ReplayDialog endpoint={open.endpoint} onClose={close} />;
    case 'DISABLE':
      return <DisableEndpoint endpoint={open.endpoint} onClose={close} />;
    case 'DELETE':
      return <DeleteEndpoint endpoint={open.endpoint} onClose={close} {...(onDeleted && { onDeleted })} />;
  }
}
