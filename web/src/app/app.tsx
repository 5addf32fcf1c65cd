import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Provider } from 'urql';
import { client } from '../graphql/client.ts';
import { SessionGate } from '../session/session-gate.tsx';
import { whenIdle } from './later.ts';
import { theme } from './theme.ts';

type ToastListModule = typeof import('./toast-list.tsx');
/** Messages that come before it are kept for it. */
const ToastList = lazy(
  () => new Promise<ToastListModule>((resolve) => whenIdle(() => import('./toast-list.tsx').then(resolve))),
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
      <Provider value={client}>
        <SessionGate />
      </Provider>
      <Suspense fallback={null}>
        <ToastList />
      </Suspense>
    </MantineProvider>
  );
}
