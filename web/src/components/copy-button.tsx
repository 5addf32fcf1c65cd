import { ActionIcon, Tooltip } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from './clipboard.ts';

const SHOWN_MS = 1500;

/** @param label says what it copies: "Copy base URL" */
export function CopyButton({
  value,
  label,
}: {
  readonly value: string | (() => string | Promise<string | null>);
  readonly label: string;
}) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  async function copy() {
    const text = typeof value === 'string' ? value : await value();
    if (text !== null) setIsCopied(await copyText(text));
  }

  return (
    <Tooltip label={isCopied ? 'Copied' : label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={label}
        style={{ verticalAlign: 'middle' }}
        onClick={() => void copy()}
      >
        {isCopied ? <Check size={14} /> : <Copy size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}
