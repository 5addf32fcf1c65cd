import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { Provider } from 'urql';
import { client } from '../graphql/client.ts';
import { SessionGate } from '../session/session-gate.tsx';
import { theme } from './theme.ts';

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
      <Notifications position="bottom-right" limit={4} />
      <Provider value={client}>
        <SessionGate />
      </Provider>
    </MantineProvider>
  );
}
