import { Tabs } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { isStaff } from '../../app/screen.ts';
import { useTenantSearch } from '../../app/tenant.ts';
import { PageHead } from '../../components/page-head.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { PageSkeleton } from '../../components/states.tsx';
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
      <Tabs
        value={tab?.path ?? null}
        onChange={(path) => {
          const to = path === 'account' || path === null ? '/settings' : `/settings/${path}`;
          if (to !== pathname) void navigate(`${to}${search}`);
        }}
        classNames={{ list: classes.list, panel: classes.panel }}
        keepMounted={false}
      >
        <Tabs.List aria-label="Settings">
          {tabs.map(({ path, label }) => (
            <Tabs.Tab key={path} value={path}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ path, Content }) => (
          <Tabs.Panel key={path} value={path}>
            <Suspense fallback={<PageSkeleton />}>
              <Content />
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}
