import { Modal as MantineModal, type ModalProps } from '@mantine/core';
import { useLayoutEffect, useMemo } from 'react';

/** Where the keyboard is: in a menu, that is the button which opened it, for the menu is gone by the time it matters. */
function placeOfFocus(): Element | null {
  const menu = document.activeElement?.closest('[role="menu"]');
  const openedBy = document.getElementById(menu?.getAttribute('aria-labelledby') ?? '');
  return openedBy ?? document.activeElement;
}

function canHaveFocus(element: Element | null): element is HTMLElement {
  return element instanceof HTMLElement && element.isConnected && element !== document.body;
}

/** A dialog that gives the focus back when it closes, also one that is in the page only while it is open. */
export function Modal(props: ModalProps) {
  const { opened } = props;
  const atFirst = useMemo(() => (opened ? placeOfFocus() : null), [opened]);
  useLayoutEffect(() => {
    if (!opened) return;
    // After another dialog, whose button is gone: where that one has put it back.
    const before = canHaveFocus(atFirst) ? atFirst : document.activeElement;
    return () => {
      if (canHaveFocus(before)) before.focus({ preventScroll: true });
    };
  }, [opened, atFirst]);
  return <MantineModal {...props} />;
}
