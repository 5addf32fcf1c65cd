import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { useGraphiQL } from '@graphiql/react';
import { useComputedColorScheme } from '@mantine/core';
import { GraphiQL } from 'graphiql';
import { useEffect, useRef, useState } from 'react';
import { usePageTitle } from '../../components/page-title.ts';
import { PageSkeleton } from '../../components/states.tsx';
import { exampleTabs } from './examples.ts';
import { fetcher } from './fetcher.ts';
import classes from './graphiql-page.module.css';
import { memoryStorage } from './memory-storage.ts';
import { mendTabRoles } from './tab-roles.ts';

/**
 * The editor makes styles that the console's policy forbids. The server sends another policy with this address, which counts
 * for whatever the browser has loaded from it, and for no page that came here from another one.
 */
function isUnderItsPolicy(): boolean {
  const [loaded] = performance.getEntriesByType('navigation');
  return loaded !== undefined && new URL(loaded.name).pathname === '/graphiql';
}

export default function GraphiQLPage() {
  usePageTitle('GraphiQL');
  const isReady = isUnderItsPolicy();
  useEffect(() => {
    if (!isReady) location.reload();
  }, [isReady]);
  return isReady ? <Editor /> : <PageSkeleton />;
}

function Editor() {
  const theme = useComputedColorScheme();
  const [storage] = useState(memoryStorage);
  const [isWhole, setIsWhole] = useState(false);
  const page = useRef<HTMLElement>(null);
  useEffect(() => (page.current === null ? undefined : mendTabRoles(page.current)), []);
  return (
    <section ref={page} className={classes.page} aria-label="GraphiQL" inert={!isWhole} aria-busy={!isWhole}>
      <GraphiQL
        fetcher={fetcher}
        storage={storage}
        defaultTabs={exampleTabs}
        forcedTheme={theme}
        showPersistHeadersSettings={false}
        inputValueDeprecation
      >
        <GraphiQL.Logo>
          <OnceWhole then={setIsWhole} />
          <span className={classes.logo}>Nothing that you type here is kept when you leave.</span>
        </GraphiQL.Logo>
      </GraphiQL>
    </section>
  );
}

/** A tab that is chosen before its editors are there would be shown with the text of the first one. */
function OnceWhole({ then }: { readonly then: (isWhole: true) => void }) {
  const isWhole = useGraphiQL(
    ({ queryEditor, variableEditor, responseEditor }) =>
      queryEditor !== undefined && variableEditor !== undefined && responseEditor !== undefined,
  );
  useEffect(() => {
    if (isWhole) then(true);
  }, [isWhole, then]);
  return null;
}
