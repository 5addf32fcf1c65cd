import { Button, Tooltip } from '@mantine/core';
import { Download } from 'lucide-react';
import type { ComponentType } from 'react';
import { useParams } from 'react-router';
import { PageTabs } from '../../app/page-tabs.tsx';
import { useTenantId } from '../../app/tenant.ts';
import { PageHead } from '../../components/page-head.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { isPlatformStaff, type Permission, useViewer, type Viewer } from '../../session/viewer.ts';
import { exportAddressOf } from '../organizations/organization-filter.ts';
import { ImportFile } from './import/import-file.tsx';
import { NewOrganization } from './new-organization.tsx';
import { NewProvider } from './new-provider.tsx';
import { NewSubscription } from './new-subscription.tsx';
import classes from './onboarding.module.css';

interface Way {
  readonly path: string;
  readonly label: (viewer: Viewer) => string;
  readonly permission: Permission;
  readonly Content: ComponentType;
}

const ways: readonly Way[] = [
  { path: 'import', label: () => 'Import a file', permission: 'organization:manage', Content: ImportFile },
  {
    path: 'organization',
    label: () => 'New organization',
    permission: 'organization:manage',
    Content: NewOrganization,
  },
  {
    path: 'subscription',
    label: () => 'New subscription',
    permission: 'subscription:manage',
    Content: NewSubscription,
  },
  {
    path: 'provider',
    label: (viewer) => (isPlatformStaff(viewer) ? 'New provider' : 'New reseller'),
    permission: 'provider:manage',
    Content: NewProvider,
  },
];

/** Every way in which organizations come here. */
export default function OnboardingPage() {
  const viewer = useViewer();
  const { what = 'import' } = useParams();
  const serviceProviderId = useTenantId();
  const offered = ways.filter(({ permission }) => viewer.permissions.includes(permission));
  const way = offered.find(({ path }) => path === what) ?? offered[0];
  usePageTitle(way?.label(viewer), 'Onboarding');

  return (
    <>
      <PageHead title="Onboarding">
        <Tooltip label="The organizations that are here, without key strings; it can be imported again">
          <Button
            component="a"
            href={exportAddressOf({ serviceProviderId })}
            download
            variant="default"
            size="xs"
            leftSection={<Download size={14} />}
          >
            Export fleet as CSV
          </Button>
        </Tooltip>
      </PageHead>
      <PageTabs
        label="Ways to add"
        at="/onboarding"
        tabs={offered.map(({ path, label, Content }) => ({ path, label: label(viewer), content: <Content /> }))}
        shown={way?.path}
        classNames={{ panel: classes.panel }}
      />
    </>
  );
}
