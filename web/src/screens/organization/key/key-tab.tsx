import type { OrganizationTabProps } from '../../../app/screen.ts';
import { ErrorState } from '../../../components/states.tsx';
import { useUrlState } from '../../../components/url-state.ts';
import { failureOf } from '../../../graphql/failure.ts';
import { useFreshQuery } from '../../../graphql/use-fresh-query.ts';
import { SubscriptionCard } from '../subscription/subscription-card.tsx';
import { UsageCard } from '../usage/usage-card.tsx';
import { DisablementBanners } from './disablement-banners.tsx';
import { OrganizationKeyDocument } from './key.graphql.ts';
import { KeyCard } from './key-card.tsx';
import { KeySkeleton } from './key-skeleton.tsx';
import classes from './key-tab.module.css';
import { kinds } from './key-words.ts';
import { OverlapBanner } from './overlap-banner.tsx';

/** The key of an organization, and the subscription that it hangs on. */
export default function KeyTab({ organizationId }: OrganizationTabProps) {
  const url = useUrlState();
  const [{ data, error, stale }, ask] = useFreshQuery({
    query: OrganizationKeyDocument,
    variables: { id: organizationId },
  });
  const organization = data?.organization;
  const again = () => ask({ requestPolicy: 'network-only' });
  if (error !== undefined && data === undefined) return <ErrorState failure={failureOf(error)} onRetry={again} />;
  if (organization === undefined) return <KeySkeleton />;
  if (organization === null) return null;
  const kind = kinds.find(({ path }) => path === url.text('kind')) ?? kinds[0];
  const slot = kind?.kind === 'SANDBOX_SUBMISSION' ? organization.sandboxSubmission : organization.cloudService;
  return (
    <div className={classes.page} data-stale={stale || undefined}>
      <DisablementBanners organization={organization} slot={slot} onMoved={again} />
      <OverlapBanner organization={organization} slot={slot} />
      <div className={classes.cards}>
        <KeyCard
          key={organization.id}
          organization={organization}
          slot={slot}
          kind={kind?.path ?? ''}
          onKind={(path) => url.set({ kind: path === kinds[0]?.path ? null : path })}
          onMoved={again}
        />
        <SubscriptionCard organization={organization} onMoved={again} />
      </div>
      <UsageCard key={slot.kind} organizationId={organization.id} kind={slot.kind} />
    </div>
  );
}
