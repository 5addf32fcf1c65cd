import { Tabs } from '@mantine/core';
import { type ReactNode, Suspense } from 'react';
import { useLocation, useNavigate } from 'react-router';
import classes from '../components/parts.module.css';
import { PageSkeleton } from '../components/states.tsx';
import { useTenantSearch } from './tenant.ts';

interface PageTab {
  readonly path: string;
  readonly label: string;
  readonly content: ReactNode;
}

interface PageTabsProps {
  /** What they are the sides of. */
  readonly label: string;
  /** The page's own path, which is that of the first tab as well. */
  readonly at: string;
  readonly tabs: readonly PageTab[];
  /** The path of the one that is shown. */
  readonly shown: string | undefined;
  readonly classNames: { readonly root?: string | undefined; readonly panel: string | undefined };
}

/** The sides of one page, of which one is shown. Parts with a page each are `PageParts`. */
export function PageTabs({ label, at, tabs, shown, classNames }: PageTabsProps) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const search = useTenantSearch();

  function show(path: string) {
    const to = path === tabs[0]?.path ? at : `${at}/${path}`;
    if (to !== pathname) void navigate(`${to}${search}`);
  }

  return (
    <Tabs
      value={shown ?? null}
      onChange={(path) => path !== null && show(path)}
      classNames={{ ...classNames, list: classes.parts, tab: classes.part }}
      keepMounted={false}
      unstyled
    >
      <Tabs.List aria-label={label}>
        {tabs.map((tab) => (
          <Tabs.Tab key={tab.path} value={tab.path}>
            {tab.label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ path, content }) => (
        <Tabs.Panel key={path} value={path}>
          <Suspense fallback={<PageSkeleton />}>{content}</Suspense>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
