import { Button, Code, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { CircleAlert, LockKeyhole, type LucideIcon, SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '../graphql/failure.ts';
import { CopyButton } from './copy-button.tsx';
import classes from './states.module.css';

interface StateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
  /** The one next step. */
  readonly action?: ReactNode;
}

function State({ icon: Icon, title, children, action }: StateProps) {
  return (
    <Stack className={classes.state} align="center" gap="xs">
      <span className={classes.icon}>
        <Icon size={22} aria-hidden />
      </span>
      <Title order={2} size="h4" ta="center">
        {title}
      </Title>
      <Text component="div" size="sm" c="var(--kw-ink-2)" maw={440} ta="center">
        {children}
      </Text>
      {action !== undefined && <Group mt="xs">{action}</Group>}
    </Stack>
  );
}

/** First use: what this is for, and the one next step. */
export function EmptyState(props: StateProps) {
  return <State {...props} />;
}

/** @param filter which filter hides everything, in words */
export function NothingFound({ filter, onClear }: { readonly filter: string; readonly onClear: () => void }) {
  const action = (
    <Button variant="default" size="xs" onClick={onClear}>
      Clear filters
    </Button>
  );
  return (
    <State icon={SearchX} title="Nothing matches" action={action}>
      Nothing here is {filter}.
    </State>
  );
}

/** A question that was not answered. Nothing that was typed is lost. */
export function ErrorState({ failure, onRetry }: { readonly failure: Failure; readonly onRetry: () => void }) {
  if (failure.code === 'FORBIDDEN') {
    return (
      <State icon={LockKeyhole} title="Your role does not allow this">
        {failure.message} Whoever manages people at your provider can give you a role that does.
      </State>
    );
  }
  const action = (
    <Button variant="default" size="xs" onClick={onRetry}>
      Try again
    </Button>
  );
  return (
    <State icon={CircleAlert} title="This could not be loaded" action={action}>
      {failure.message}
      <Group gap={4} justify="center" mt={4}>
        <Code>{failure.code}</Code>
        <CopyButton value={failure.code} label="Copy error code" />
      </Group>
    </State>
  );
}

/** Beneath what came: the rest, or what is new, did not. */
export function PartialFailure({ failure, onRetry }: { readonly failure: Failure; readonly onRetry: () => void }) {
  return (
    <div className={classes.partial} role="alert">
      <CircleAlert size={15} aria-hidden />
      <span>Not everything could be loaded. {failure.message}</span>
      <Code>{failure.code}</Code>
      <CopyButton value={failure.code} label="Copy error code" />
      <Button variant="default" size="compact-xs" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

/** The shape of a page that is being loaded. */
export function PageSkeleton() {
  return (
    <div className={classes.page} aria-busy="true">
      <Skeleton height={24} width={220} mb="lg" />
      {[92, 100, 84, 96, 88].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} mb="sm" />
      ))}
    </div>
  );
}
