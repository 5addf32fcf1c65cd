import { Button, type ButtonProps } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';

interface ActionButtonProps extends Pick<ButtonProps, 'variant' | 'className'> {
  readonly label: string;
  readonly icon: LucideIcon;
  /** Why it cannot be done now; null or left out: it can. */
  readonly whyNot?: string | null | undefined;
  /** Where that is said to everybody, as an id. */
  readonly saidAt?: string | undefined;
  readonly onChoose?: (() => void) | undefined;
}

/** Disabled so that it can still be reached, and says why to whoever does. */
export function ActionButton({
  label,
  icon: Icon,
  whyNot = null,
  saidAt,
  onChoose,
  variant = 'default',
  className,
}: ActionButtonProps) {
  const isDisabled = whyNot !== null;
  return (
    <Button
      size="xs"
      variant={variant}
      leftSection={<Icon size={14} aria-hidden />}
      className={className}
      data-disabled={isDisabled || undefined}
      aria-disabled={isDisabled || undefined}
      aria-describedby={isDisabled ? saidAt : undefined}
      title={whyNot ?? undefined}
      onClick={isDisabled ? undefined : onChoose}
    >
      {label}
    </Button>
  );
}
