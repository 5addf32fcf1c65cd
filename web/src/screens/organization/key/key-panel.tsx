import { Skeleton } from '@mantine/core';
import type { OrganizationTabProps } from '../../../app/screen.ts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { KeyBadge } from '../../../components/key-badge.tsx';
import { ErrorState } from '../../../components/states.tsx';
import { failureOf } from '../../../graphql/failure.ts';
import { useFreshQuery } from '../../../graphql/use-fresh-query.ts';
import { DisablementBanners } from './disablement-banners.tsx';
import { OrganizationKeyDocument } from './key.graphql.ts';
import classes from './key-tab.module.css';
import { KeyValue } from './key-value.tsx';
import { LastModified } from './last-modified.tsx';
import { OverlapBanner } from './overlap-banner.tsx';

/** The key beside a list: what is asked for on the phone. What changes the string is on the organization's own page. */
export default function KeyPanel({ organizationId }: OrganizationTabProps) {
  const [{ data, error }, ask] = useFreshQuery({ query: OrganizationKeyDocument, variables: { id: organizationId } });
  const again = () => ask({ requestPolicy: 'network-only' });
  const organization = data?.organization;
  if (error !== undefined && data === undefined) return <ErrorState failure={failureOf(error)} onRetry={again} />;
  if (organization === undefined) return <Skeleton height={160} m="md" width="auto" />;
  if (organization === null) return null;
  const { baseUrl, cloudService: slot } = organization;
  return (
    <>
      <div className={classes.panelBanners}>
        <DisablementBanners organization={organization} slot={slot} onMoved={again} />
        <OverlapBanner organization={organization} slot={slot} />
      </div>
      <dl className={classes.facts} style={{ paddingBottom: 0 }}>
        <dt>API key</dt>
        <dd>
          <KeyBadge apiKey={slot} />
        </dd>
        <dt>Key string</dt>
        <dd>
          <KeyValue organization={organization} slot={slot} fresh={null} onHidden={() => undefined} />
        </dd>
        <dt>Base URL</dt>
        <dd>
          <span className={classes.mono}>{baseUrl}</span> <CopyButton value={baseUrl} label="Copy base URL" />
        </dd>
        <dt>Last modified</dt>
        <dd>
          <LastModified slot={slot} />
        </dd>
      </dl>
    </>
  );
}
