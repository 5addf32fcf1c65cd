import { Modal as MantineModal, type ModalProps } from '@mantine/core';
import { useLayoutEffect, useMemo } from 'react';
import { focusOn, placeOf } from './focus.ts';

/** A dialog that gives the focus back when it closes, also one that is in the page only while it is open. */
export function Modal(props: ModalProps) {
  const { opened } = props;
  const atFirst = useMemo(() => (opened ? placeOf(document.activeElement) : []), [opened]);
  useLayoutEffect(() => {
    if (!opened) return;
    // After another dialog, which is gone with its button: where that one has put it back.
    const before = [...atFirst, ...placeOf(document.activeElement)];
    return () => focusOn(before);
  }, [opened, atFirst]);
  return <MantineModal {...props} />;
}
