import { lazy } from 'react';
import { useParams } from 'react-router';
import { PageTabs } from '../../app/page-tabs.tsx';
import { isStaff } from '../../app/screen.ts';
import { PageHead } from '../../components/page-head.tsx';
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
  const tabs = everyTab.filter(({ isFor }) => isFor(viewer));
  const tab = tabs.find(({ path }) => path === name) ?? tabs[0];
  usePageTitle('Settings', tab?.label);
  return (
    <div>
      <PageHead title="Settings" />
      <PageTabs
        label="Settings"
        at="/settings"
        tabs={tabs.map(({ path, label, Content }) => ({ path, label, content: <Content /> }))}
        shown={tab?.path}
        classNames={{ panel: classes.panel }}
      />
    </div>
  );
}
