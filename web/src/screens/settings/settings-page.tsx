import { lazy } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { isStaff } from '../../app/screen.ts';
import { useTenantSearch } from '../../app/tenant.ts';
import { PageHead } from '../../components/page-head.tsx';
import { PageTabs } from '../../components/page-tabs.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { useViewer, type Viewer } from '../../session/viewer.ts';
import classes from './settings.module.css';

const everyTab = [
  {
    path: 'account',
    label: 'My account',
    isFor: () => true,
    Content: lazy(() => import('./my-account.tsx')),
  },
  {
    path: 'provider',
    label: 'Provider',
    isFor: isStaff,
    Content: lazy(() => import('./provider-settings.tsx')),
  },
  {
    path: 'single-sign-on',
    label: 'Single sign-on',
    isFor: (viewer: Viewer) => isStaff(viewer) && viewer.permissions.includes('staff:manage'),
    Content: lazy(() => import('./single-sign-on/single-sign-on.tsx')),
  },
];

export default function SettingsPage() {
  const { tab: name = 'account' } = useParams();
  const viewer = useViewer();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const tabs = everyTab.filter(({ isFor }) => isFor(viewer));
  const tab = tabs.find(({ path }) => path === name) ?? tabs[0];
  usePageTitle('Settings', tab?.label);
  const search = useTenantSearch();
  return (
    <div>
      <PageHead title="Settings" />
      <PageTabs
        label="Settings"
        tabs={tabs.map(({ path, label, Content }) => ({ path, label, content: <Content /> }))}
        shown={tab?.path}
        onShow={(path) => {
          const to = path === 'account' ? '/settings' : `/settings/${path}`;
          if (to !== pathname) void navigate(`${to}${search}`);
        }}
        classNames={{ panel: classes.panel }}
      />
    </div>
  );
}
