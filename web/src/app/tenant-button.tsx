import { UnstyledButton, type UnstyledButtonProps } from '@mantine/core';
import { ChevronsUpDown } from 'lucide-react';
import type { Ref } from 'react';

interface TenantButtonProps extends UnstyledButtonProps {
  readonly isOpen: boolean;
  readonly onClick: () => void;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function TenantButton({ isOpen, ...others }: TenantButtonProps) {
  return (
    <UnstyledButton aria-label="Switch tenant" aria-expanded={isOpen} p={4} display="flex" {...others}>
      <ChevronsUpDown size={15} aria-hidden />
    </UnstyledButton>
  );
}
