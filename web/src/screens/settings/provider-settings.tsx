import { Button, Skeleton, Switch, Text, Title } from '@mantine/core';
import { Building, SearchX } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTenantId } from '../../app/tenant.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { EmptyState, ErrorState } from '../../components/states.tsx';
import { plural } from '../../components/time.ts';
import { showDone } from '../../components/toasts.tsx';
import { WholeNumberInput } from '../../components/whole-number-input.tsx';
import { failureOf } from '../../graphql/failure.ts';
import { useCommand } from '../../graphql/use-command.ts';
import { useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { useMay, useViewer } from '../../session/viewer.ts';
import { OverlapSetting } from './overlap-setting.tsx';
import { ProviderSettingsDocument, type ProviderSettingsQuery, SetApprovalAboveDocument } from './settings.graphql.ts';
import classes from './settings.module.css';

type Provider = NonNullable<ProviderSettingsQuery['serviceProvider']>;

/** Of the provider in the breadcrumb, or of one's own. */
export default function ProviderSettings() {
  const viewer = useViewer();
  const tenantId = useTenantId();
  const id = tenantId ?? viewer.serviceProvider?.id;
  const [{ data, error }, ask] = useFreshQuery({
    query: ProviderSettingsDocument,
    variables: { id: id ?? '' },
    pause: id === undefined,
  });
  if (id === undefined) {
    return (
      <EmptyState icon={Building} title="Choose a provider">
        You are staff of the platform: choose in the breadcrumb whose settings to see.
      </EmptyState>
    );
  }
  if (error !== undefined && data === undefined) {
    return <ErrorState failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  }
  if (data === undefined) return <Skeleton height={180} />;
  const provider = data.serviceProvider;
  if (provider === null) {
    return (
      <EmptyState icon={SearchX} title="There is no such provider">
        It is gone, or out of your sight.
      </EmptyState>
    );
  }
  return (
    <>
      <About provider={provider} />
      <Approvals key={`${provider.id} ${provider.approvalAbove}`} provider={provider} />
      <OverlapSetting key={`${provider.id} overlap ${provider.overlapAllowedMinutes}`} provider={provider} />
    </>
  );
}

function About({ provider: { id, name, baseUrl, parent } }: { readonly provider: Provider }) {
  return (
    <section className={classes.card} aria-labelledby="about">
      <Title order={2} size="h5" id="about" dir="auto">
        {name}
      </Title>
      <dl className={classes.facts}>
        <dt>Base URL</dt>
        <dd>
          <code>{baseUrl}</code> <CopyButton value={baseUrl} label="Copy base URL" />
          <Text size="xs" c="var(--kw-ink-2)">
            Where the API clients of its organizations connect. It was set when the provider was created, and stays.
          </Text>
        </dd>
        <dt>Provider id</dt>
        <dd>
          <code>{id}</code> <CopyButton value={id} label="Copy provider id" />
          <Text size="xs" c="var(--kw-ink-2)">
            Tell it to a provider that wants to lend you access.
          </Text>
        </dd>
        {parent !== null && (
          <>
            <dt>Belongs to</dt>
            <dd dir="auto">{parent.name}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

const FIRST_LIMIT = 50;

function ruleInWords(approvalAbove: number | null): string {
  if (approvalAbove === null) return 'No operation waits for a second person.';
  if (approvalAbove === 0) return 'Every bulk operation waits for a second person.';
  return `A bulk operation over more than ${plural(approvalAbove, 'organization')} waits for a second person.`;
}

function Approvals({ provider: { id, name, approvalAbove, parent } }: { readonly provider: Provider }) {
  const mayChange = useMay('provider:manage');
  const command = useCommand(SetApprovalAboveDocument);
  const [isOn, setIsOn] = useState(approvalAbove !== null);
  const [typed, setTyped] = useState<number | null>(approvalAbove ?? FIRST_LIMIT);
  const isEmpty = isOn && typed === null;
  const limit = isOn ? typed : null;
  const [problem, setProblem] = useState<string | undefined>();

  function turn(next: boolean) {
    setProblem(undefined);
    setIsOn(next);
    setTyped(approvalAbove ?? FIRST_LIMIT);
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isEmpty) return;
    const result = await command.run({ serviceProviderId: id, approvalAbove: limit });
    if (!result.isDone) return setProblem(result.failures[0]?.message);
    showDone(`${ruleInWords(limit)} It holds for what is started from now on.`);
  }

  return (
    <section className={classes.card} aria-labelledby="approvals">
      <Title order={2} size="h5" id="approvals">
        Approval by a second person
      </Title>
      <Text size="sm" c="var(--kw-ink-2)">
        Counts organizations of {name} and of its resellers. The strictest rule of the providers above counts as well.
      </Text>
      {parent !== null && parent.approvalAbove !== null && (
        <Text size="sm">
          {parent.name} says: {ruleInWords(parent.approvalAbove)}
        </Text>
      )}
      {mayChange ? (
        <form className={classes.mapping} onSubmit={(event) => void submit(event)}>
          <Switch
            label="Large bulk operations wait for a second person"
            checked={isOn}
            error={isOn ? undefined : problem}
            onChange={(event) => turn(event.currentTarget.checked)}
          />
          {isOn && (
            <WholeNumberInput
              label="Over more than so many organizations"
              description="0: every operation waits."
              min={0}
              w={260}
              value={typed}
              error={problem}
              onChange={(next) => {
                setProblem(undefined);
                setTyped(next);
              }}
            />
          )}
          <div>
            <Button type="submit" size="xs" loading={command.isRunning} disabled={isEmpty || limit === approvalAbove}>
              Save
            </Button>
          </div>
        </form>
      ) : (
        <Text size="sm">{ruleInWords(approvalAbove)}</Text>
      )}
    </section>
  );
}
