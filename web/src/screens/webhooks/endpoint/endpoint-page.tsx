import { ActionIcon, Button, Menu } from '@mantine/core';
import { ChevronLeft, Ellipsis, SearchX } from 'lucide-react';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useCrumbs } from '../../../app/crumbs.tsx';
import { useTenantSearch } from '../../../app/tenant.ts';
import { ActionButton } from '../../../components/action-button.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { usePageTitle } from '../../../components/page-title.ts';
import { EmptyState, ErrorState, PageSkeleton } from '../../../components/states.tsx';
import { failureOf } from '../../../graphql/failure.ts';
import { useFreshQuery } from '../../../graphql/use-fresh-query.ts';
import back from '../../sync/way-back.module.css';
import { useEndpointActions } from '../endpoint-actions.ts';
import { EndpointDialogs, type Open } from '../endpoint-dialogs.tsx';
import { type EndpointFragment, WebhookEndpointByIdDocument } from '../webhooks.graphql.ts';
import classes from '../webhooks.module.css';
import { WebhooksHelp } from '../webhooks-help.tsx';
import { Deliveries } from './deliveries.tsx';
import { EndpointFacts, EndpointNotice } from './endpoint-facts.tsx';

/** One endpoint: where it goes, how it does, and what it was sent. */
export default function EndpointPage() {
  const { endpointId = '' } = useParams();
  const search = useTenantSearch();
  const [{ data, error }, ask] = useFreshQuery({ query: WebhookEndpointByIdDocument, variables: { id: endpointId } });
  const node = data?.node;
  const endpoint = isEndpoint(node) ? node : null;
  usePageTitle(endpoint?.name, 'Webhooks');
  if (error !== undefined && data === undefined) {
    return <ErrorState failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  }
  if (data === undefined) return <PageSkeleton />;
  if (endpoint === null) {
    const action = (
      <Button component={Link} to={`/webhooks${search}`} size="xs" variant="default">
        See all webhooks
      </Button>
    );
    return (
      <EmptyState icon={SearchX} title="There is no such webhook" action={action}>
        It was deleted, or it is out of your sight.
      </EmptyState>
    );
  }
  return <Endpoint endpoint={endpoint} />;
}

function isEndpoint(node: object | null | undefined): node is EndpointFragment {
  return node !== undefined && node !== null && 'url' in node;
}

const inHead = ['Send test event', 'Send again', 'Enable'];

function Endpoint({ endpoint }: { readonly endpoint: EndpointFragment }) {
  const navigate = useNavigate();
  const search = useTenantSearch();
  const [open, setOpen] = useState<Open | null>(null);
  useCrumbs([{ label: endpoint.serviceProvider.name }, { label: endpoint.name }]);
  const actions = useEndpointActions((kind, of) => setOpen({ kind, endpoint: of }))(endpoint);
  return (
    <div className={classes.page}>
      <Link to={`/webhooks${search}`} className={back.back}>
        <ChevronLeft size={14} aria-hidden />
        All webhooks
      </Link>
      <PageHead title={endpoint.name} help={<WebhooksHelp />}>
        {actions
          .filter(({ label }) => inHead.includes(label))
          .map(({ label, icon, onChoose, whyNot }) => (
            <ActionButton
              key={label}
              label={label}
              icon={icon}
              variant={label === 'Enable' ? 'filled' : 'default'}
              whyNot={whyNot}
              onChoose={onChoose}
            />
          ))}
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon variant="default" size={30} aria-label={`More for ${endpoint.name}`}>
              <Ellipsis size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {actions
              .filter(({ label }) => !inHead.includes(label))
              .map(({ label, icon: Icon, onChoose, isDangerous }) => (
                <Menu.Item
                  key={label}
                  leftSection={<Icon size={15} aria-hidden />}
                  onClick={onChoose}
                  {...(isDangerous === true && { color: 'var(--kw-red)' })}
                >
                  {label}
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
      </PageHead>
      <div className={classes.body}>
        <EndpointNotice endpoint={endpoint} />
        <EndpointFacts endpoint={endpoint} />
      </div>
      <Deliveries endpoint={endpoint} />
      <EndpointDialogs open={open} onOpen={setOpen} onDeleted={() => void navigate(`/webhooks${search}`)} />
    </div>
  );
}
