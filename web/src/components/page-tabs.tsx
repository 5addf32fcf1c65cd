import { Tabs } from '@mantine/core';
import { type ReactNode, Suspense } from 'react';
import classes from './parts.module.css';
import { PageSkeleton } from './states.tsx';

interface PageTab {
  readonly path: string;
  readonly label: string;
  readonly content: ReactNode;
}

interface PageTabsProps {
  /** What they are the sides of. */
  readonly label: string;
  readonly tabs: readonly PageTab[];
  /** The path of the one that is shown. */
  readonly shown: string | undefined;
  readonly onShow: (path: string) => void;
  readonly classNames: { readonly root?: string | undefined; readonly panel: string | undefined };
}

/** The sides of one page, of which one is shown. Parts with a page each are `PageParts`. */
export function PageTabs({ label, tabs, shown, onShow, classNames }: PageTabsProps) {
  return (
    <Tabs
      value={shown ?? null}
      onChange={(path) => path !== null && onShow(path)}
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
