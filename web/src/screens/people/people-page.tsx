import { lazy } from 'react';
import { useParams } from 'react-router';
import { PageTabs } from '../../app/page-tabs.tsx';
import { isStaff } from '../../app/screen.ts';
import { PageHead } from '../../components/page-head.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { useViewer } from '../../session/viewer.ts';
import classes from './people.module.css';

const everyTab = [
  { path: 'staff', label: 'Staff', Content: lazy(() => import('./staff/staff-tab.tsx')) },
  { path: 'roles', label: 'Roles', Content: lazy(() => import('./roles/roles-tab.tsx')), isForStaffOnly: true },
  {
    path: 'service-accounts',
    label: 'Service accounts',
    Content: lazy(() => import('./service-accounts/service-accounts-tab.tsx')),
  },
  {
    path: 'delegations',
    label: 'Delegations',
    Content: lazy(() => import('./delegations/delegations-tab.tsx')),
    isForStaffOnly: true,
  },
];

/** Who gets in, and what they may do. An organization's own people have no roles to define and nothing to lend. */
export default function PeoplePage() {
  const { tab: name = 'staff' } = useParams();
  const viewer = useViewer();
  const tabs = everyTab.filter(({ isForStaffOnly }) => isForStaffOnly !== true || isStaff(viewer));
  const tab = tabs.find(({ path }) => path === name) ?? tabs[0];
  usePageTitle('People', tab?.path === 'staff' ? undefined : tab?.label);
  return (
    <div className={classes.page}>
      <PageHead title="People" />
      <PageTabs
        label="People"
        at="/people"
        tabs={tabs.map(({ path, label, Content }) => ({ path, label, content: <Content /> }))}
        shown={tab?.path}
        classNames={{ root: classes.tabs, panel: classes.panel }}
      />
    </div>
  );
}
