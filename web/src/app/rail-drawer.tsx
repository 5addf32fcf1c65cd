import { Drawer } from '@mantine/core';
import { useOpening } from './later.ts';
import { Rail } from './rail.tsx';

/** The rail where there is no room for it. */
export default function RailDrawer({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Drawer
      opened={useOpening(opened)}
      onClose={onClose}
      size={260}
      title="Keyward"
      closeButtonProps={{ 'aria-label': 'Close the menu' }}
    >
      <Rail isInDrawer />
    </Drawer>
  );
}
