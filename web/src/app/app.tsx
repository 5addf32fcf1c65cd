import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { LoadBoundary, PageFailed, PartFailed } from '../components/load-boundary.tsx';
import { SessionGate } from '../session/session-gate.tsx';
import { whenIdle } from './later.ts';
import { theme } from './theme.ts';

type ToastListModule = typeof import('./toast-list.tsx');
/** Messages that come before it are kept for it. */
const ToastList = lazy(
  () =>
    new Promise<ToastListModule>((resolve, reject) => whenIdle(() => import('./toast-list.tsx').then(resolve, reject))),
);

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const colorSchemes = localStorageColorSchemeManager({ key: 'keyward.theme' });

export function App() {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemes}
      getStyleNonce={() => nonce}
      deduplicateInlineStyles
    >
      <LoadBoundary instead={<PageFailed />}>
        <SessionGate />
      </LoadBoundary>
      <LoadBoundary instead={<PartFailed loss="Nothing tells here whether a command was done." />}>
        <Suspense fallback={null}>
          <ToastList />
        </Suspense>
      </LoadBoundary>
    </MantineProvider>
  );
}
