import { lazy } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { isStaff } from '../../app/screen.ts';
import { useTenantSearch } from '../../app/tenant.ts';
import { PageHead } from '../../components/page-head.tsx';
import { PageTabs } from '../../components/page-tabs.tsx';
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
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const tabs = everyTab.filter(({ isForStaffOnly }) => isForStaffOnly !== true || isStaff(viewer));
  const tab = tabs.find(({ path }) => path === name) ?? tabs[0];
  usePageTitle('People', tab?.path === 'staff' ? undefined : tab?.label);
  const search = useTenantSearch();
  return (
    <div className={classes.page}>
      <PageHead title="People" />
      <PageTabs
        label="People"
        tabs={tabs.map(({ path, label, Content }) => ({ path, label, content: <Content /> }))}
        shown={tab?.path}
        onShow={(path) => {
          const to = path === 'staff' ? '/people' : `/people/${path}`;
          if (to !== pathname) void navigate(`${to}${search}`);
        }}
        classNames={{ root: classes.tabs, panel: classes.panel }}
      />
    </div>
  );
}
