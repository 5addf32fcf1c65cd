import { Button } from '@mantine/core';
import { Circle, CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { isOffered, screens } from '../../app/registry.ts';
import { useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { readLocal, writeLocal } from '../../local-storage.ts';
import { isPlatformStaff, useMay, useViewer } from '../../session/viewer.ts';
import { Card } from './bars.tsx';
import { SetUpDocument, type SetUpQuery } from './overview.graphql.ts';
import classes from './overview-page.module.css';

interface Step {
  readonly title: string;
  readonly why: string;
  readonly to: string;
  readonly isDone: boolean;
}

const HIDDEN = 'first-steps.hidden';
const GRAPHIQL = '/graphiql';
const TRIED_API = 'first-steps.api';

function stepsOf(counts: SetUpQuery, organizationCount: number, isPlatform: boolean): readonly Step[] {
  const { staffMembers, serviceAccounts, trustedIssuers, serviceProviders } = counts;
  const provider: Step = {
    title: 'Add your first provider',
    why: 'Every organization belongs to one.',
    to: '/onboarding/provider',
    isDone: (serviceProviders.totalCount ?? 0) > 0,
  };
  return [
    ...(isPlatform ? [provider] : []),
    {
      title: 'Bring in your organizations',
      why: 'From a CSV file, or one at a time.',
      to: '/onboarding',
      isDone: organizationCount > 0,
    },
    {
      title: 'Give your colleagues access',
      why: 'Each with a role that says what they may do.',
      to: '/people',
      isDone: (staffMembers.totalCount ?? 0) > 1,
    },
    {
      title: 'Connect a program',
      why: 'A service account acts in its own name.',
      to: '/people/service-accounts',
      isDone: (serviceAccounts.totalCount ?? 0) > 0,
    },
    {
      title: 'Set up single sign-on',
      why: 'People sign in as they do everywhere else.',
      to: '/settings',
      isDone: (trustedIssuers.totalCount ?? 0) > 0,
    },
    {
      title: 'Ask the API yourself',
      why: 'GraphiQL is signed in as you, with examples.',
      to: GRAPHIQL,
      isDone: readLocal(TRIED_API) !== null,
    },
  ];
}

export interface SetUp {
  /** Null for whoever does not set things up, or does not want to be told. */
  readonly counts: SetUpQuery | null;
  readonly isLoading: boolean;
  hide(): void;
}

/** How far the provider is set up. */
export function useSetUp(): SetUp {
  const mayAddPeople = useMay('staff:manage');
  const mayAddOrganizations = useMay('organization:manage');
  const [isHidden, setIsHidden] = useState(() => readLocal(HIDDEN) !== null);
  const isWanted = mayAddPeople && mayAddOrganizations && !isHidden;
  const [{ data, error }] = useFreshQuery({ query: SetUpDocument, variables: {}, pause: !isWanted });
  return {
    counts: isWanted ? (data ?? null) : null,
    isLoading: isWanted && data === undefined && error === undefined,
    hide() {
      writeLocal(HIDDEN, 'true');
      setIsHidden(true);
    },
  };
}

interface FirstStepsProps {
  readonly counts: SetUpQuery;
  readonly organizationCount: number;
  readonly onHide: () => void;
}

/** What whoever sets Keyward up does first. It ticks itself off, and goes when it is done or not wanted. */
export function FirstSteps({ counts, organizationCount, onHide }: FirstStepsProps) {
  const viewer = useViewer();
  const steps = stepsOf(counts, organizationCount, isPlatformStaff(viewer)).filter(({ to }) => isThere(to));
  const done = steps.filter(({ isDone }) => isDone).length;
  if (done === steps.length) return null;

  function isThere(to: string): boolean {
    const [, first] = to.split('/');
    return screens.some((screen) => screen.path.split('/')[1] === first && isOffered(viewer, screen));
  }

  return (
    <Card
      title="First steps"
      isWide
      more={
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onHide}>
          Hide
        </Button>
      }
    >
      <p className={classes.lead} role="status">
        {done} of {steps.length} done.
      </p>
      <ul className={classes.steps} aria-label="First steps">
        {steps.map((step) => (
          <li key={step.title}>
            <StepLink step={step} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function StepLink({ step: { title, why, to, isDone } }: { readonly step: Step }) {
  const Icon = isDone ? CircleCheck : Circle;
  const content = (
    <>
      <Icon size={17} aria-hidden />
      <span>
        {title}
        {isDone && <span className="visually-hidden"> (done)</span>}
        <small>{why}</small>
      </span>
    </>
  );
  return (
    <Link
      to={to}
      className={classes.step}
      data-done={isDone || undefined}
      onClick={() => {
        if (to === GRAPHIQL) writeLocal(TRIED_API, 'true');
      }}
    >
      {content}
    </Link>
  );
}
