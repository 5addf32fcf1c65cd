import { ActionIcon, Indicator, Popover, Text } from '@mantine/core';
import { Bell, Handshake, type LucideIcon, UserCheck } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'react-router';
import { RelativeTime } from '../components/relative-time.tsx';
import { plural } from '../components/time.ts';
import { useFreshQuery } from '../graphql/use-fresh-query.ts';
import { useMay, useViewer } from '../session/viewer.ts';
import { NoticesDocument } from './notices.graphql.ts';
import classes from './notices.module.css';
import { isStaff } from './screen.ts';

const LOOK_AGAIN_MS = 60_000;

/** What waits for this viewer: operations to approve, and access that another provider lends. */
export function Notices() {
  const viewer = useViewer();
  // Nothing of both is for an organization's own people, or can be done under a delegation.
  if (!isStaff(viewer) || viewer.onBehalfOf !== null) return null;
  return <Bells />;
}

function useNotices() {
  const withDelegations = useMay('staff:manage');
  const [{ data, error }, ask] = useFreshQuery({ query: NoticesDocument, variables: { withDelegations } });
  useEffect(() => {
    const look = () => document.visibilityState === 'visible' && ask({ requestPolicy: 'network-only' });
    const timer = setInterval(look, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [ask]);
  return {
    operations: data?.bulkOperations.nodes ?? [],
    hasMore: data?.bulkOperations.pageInfo.hasNextPage ?? false,
    isLoading: data === undefined && error === undefined,
    isUnknown: error !== undefined,
    requests: data?.delegations?.nodes ?? [],
    hasMoreRequests: data?.delegations?.pageInfo.hasNextPage ?? false,
  };
}

function Bells() {
  const [isOpen, setIsOpen] = useState(false);
  const { operations, hasMore, requests, hasMoreRequests, isLoading, isUnknown } = useNotices();
  const close = () => setIsOpen(false);
  const count = operations.length + requests.length;
  const words = hasMore || hasMoreRequests ? `${count} or more` : String(count);
  const nothing = isUnknown ? 'could not be looked up now' : isLoading ? 'looking' : 'nothing waits for you';
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" width={340} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          variant="default"
          size={32}
          radius="xl"
          aria-label={`Notices: ${count === 0 ? nothing : `${words} waiting for you`}`}
          onClick={() => setIsOpen(!isOpen)}
        >
          <Indicator disabled={count === 0} size={8} offset={1} color="var(--kw-accent)">
            <Bell size={16} aria-hidden style={{ display: 'block' }} />
          </Indicator>
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="Notices" p={8}>
        <Text
          size="xs"
          fw={600}
          c="var(--kw-ink-2)"
          px={8}
          pb={4}
          tabIndex={-1}
          data-autofocus={count === 0 || undefined}
        >
          Waiting for you
        </Text>
        {(count === 0 || isUnknown) && (
          <Text size="sm" c="var(--kw-ink-2)" px={8} pb={4} role={isUnknown ? 'alert' : undefined}>
            {isUnknown
              ? 'It could not be looked up now. It is looked up again within a minute.'
              : isLoading
                ? 'Looking'
                : 'Nothing. Approvals and access that is lent to you will be here.'}
          </Text>
        )}
        <ul className={classes.notices}>
          {operations.map(({ id, total, createdBy, createdAt }) => (
            <Notice key={id} icon={UserCheck} to={`/sync/operations/${id}`} onGo={close}>
              Approve an operation over {plural(total, 'organization')}
              <small>
                by {createdBy.displayName}, <RelativeTime at={createdAt} />
              </small>
            </Notice>
          ))}
          {hasMore && (
            <Notice icon={UserCheck} to="/sync/approvals" onGo={close}>
              All approvals
            </Notice>
          )}
          {requests.map(({ id, serviceProviderName, organizationCount, createdAt }) => (
            <Notice key={id} icon={Handshake} to="/people/delegations?side=RECEIVED" onGo={close}>
              {serviceProviderName} lends access to {plural(organizationCount, 'organization')}
              <small>
                to be accepted, <RelativeTime at={createdAt} />
              </small>
            </Notice>
          ))}
          {hasMoreRequests && (
            <Notice icon={Handshake} to="/people/delegations?side=RECEIVED" onGo={close}>
              All that is lent to you
            </Notice>
          )}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

interface NoticeProps {
  readonly icon: LucideIcon;
  readonly to: string;
  readonly onGo: () => void;
  readonly children: ReactNode;
}

function Notice({ icon: Icon, to, onGo, children }: NoticeProps) {
  return (
    <li>
      <Link to={to} onClick={onGo}>
        <Icon size={15} aria-hidden />
        <span>{children}</span>
      </Link>
    </li>
  );
}
