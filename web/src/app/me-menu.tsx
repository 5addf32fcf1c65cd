import { ActionIcon, Menu, Text, Tooltip, useMantineColorScheme } from '@mantine/core';
import { Check, Keyboard, KeyRound, LogOut, SquareTerminal, UserRound } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { MenuAction } from '../components/menu-action.tsx';
import { roleInWords } from '../components/role.ts';
import { signOut } from '../session/session.ts';
import { useViewer, whyNotOwnAccount } from '../session/viewer.ts';
import { Delegations } from './delegations.tsx';
import { openShortcuts } from './shortcuts.ts';
import { themes } from './themes.ts';

const ChangePasswordDialog = lazy(() => import('../session/change-password-dialog.tsx'));

export function MeMenu() {
  const viewer = useViewer();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [isChanging, setIsChanging] = useState(false);
  return (
    <>
      <Menu position="bottom-end" width={260} shadow="md">
        <Menu.Target>
          <Tooltip label={viewer.displayName}>
            <ActionIcon variant="default" size={32} radius="xl" aria-label="My account">
              <UserRound size={16} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Text size="sm" fw={600} px="sm" pt={6} truncate dir="auto">
            {viewer.displayName}
          </Text>
          <Text size="xs" c="var(--kw-ink-2)" px="sm" pb={6}>
            {roleInWords(viewer.role)}
            {viewer.serviceProvider !== null && ` · ${viewer.serviceProvider.name}`}
          </Text>
          <Delegations />
          <Menu.Divider />
          <Menu.Label>Theme</Menu.Label>
          {themes.map(({ value, label, icon: Icon }) => (
            <Menu.Item
              key={value}
              role="menuitemradio"
              aria-checked={colorScheme === value}
              leftSection={<Icon size={15} />}
              rightSection={colorScheme === value ? <Check size={14} /> : null}
              onClick={() => setColorScheme(value)}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<Keyboard size={15} />} onClick={openShortcuts}>
            Keyboard shortcuts
          </Menu.Item>
          <Menu.Item component="a" href="/graphiql" leftSection={<SquareTerminal size={15} />}>
            GraphiQL
          </Menu.Item>
          <MenuAction
            label="Change password"
            icon={KeyRound}
            whyNot={whyNotOwnAccount(viewer)}
            onChoose={() => setIsChanging(true)}
          />
          <Menu.Item leftSection={<LogOut size={15} />} onClick={() => void signOut()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isChanging && (
        <Suspense fallback={null}>
          <ChangePasswordDialog onClose={() => setIsChanging(false)} />
        </Suspense>
      )}
    </>
  );
}
