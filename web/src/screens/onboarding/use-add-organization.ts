import { useState } from 'react';
import type { Failure } from '../../graphql/failure.ts';
import { type InputOf, useCommand } from '../../graphql/use-command.ts';
import type { toSubscription } from '../organization/subscription/subscription-fields.tsx';
import {
  CreateOrganizationDocument,
  type CreateOrganizationMutationVariables,
  OnboardSubscriptionDocument,
} from './onboarding.graphql.ts';

interface Added {
  readonly id: string;
  readonly name: string;
  readonly isSubscribed: boolean;
}

/** Adds an organization with its subscription; one whose subscription is refused waits for another, and is not added again. */
export function useAddOrganization() {
  const create = useCommand(CreateOrganizationDocument);
  const apply = useCommand(OnboardSubscriptionDocument);
  const [added, setAdded] = useState<Added | null>(null);
  const [waiting, setWaiting] = useState<{ readonly id: string; readonly name: string } | null>(null);

  /** What was refused; null once all is there. */
  async function add(
    asked: InputOf<CreateOrganizationMutationVariables>,
    subscription: ReturnType<typeof toSubscription>,
  ): Promise<readonly Failure[] | null> {
    let organization = waiting;
    if (organization === null) {
      const created = await create.run(asked);
      if (!created.isDone) return created.failures;
      organization = created.payload.organization;
    }
    if (organization === null) return [];
    if (subscription !== null) {
      const applied = await apply.run({ ...subscription, organizationId: organization.id });
      if (!applied.isDone) {
        setWaiting(organization);
        return applied.failures;
      }
    }
    setWaiting(null);
    setAdded({ ...organization, isSubscribed: subscription !== null });
    return null;
  }

  function leaveUnsubscribed() {
    if (waiting !== null) setAdded({ ...waiting, isSubscribed: false });
    setWaiting(null);
  }

  return { added, waiting, isRunning: create.isRunning || apply.isRunning, add, leaveUnsubscribed };
}
