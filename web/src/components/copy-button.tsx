import { ActionIcon, Tooltip } from '@mantine/core';
import { Check, Copy, CopyX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from './clipboard.ts';

const SHOWN_MS = 1500;
const words = { COPIED: 'Copied', REFUSED: 'The browser did not let it be copied' } as const;
const icons = { COPIED: Check, REFUSED: CopyX } as const;

/** @param label says what it copies: "Copy base URL" */
export function CopyButton({
  value,
  label,
}: {
  readonly value: string | (() => string | Promise<string | null>);
  readonly label: string;
}) {
  const [result, setResult] = useState<'COPIED' | 'REFUSED' | null>(null);
  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => setResult(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [result]);

  async function copy() {
    const text = typeof value === 'string' ? value : await value();
    if (text !== null) setResult((await copyText(text)) ? 'COPIED' : 'REFUSED');
  }

  const Icon = result === null ? Copy : icons[result];
  return (
    <>
      <Tooltip label={result === null ? label : words[result]} opened={result === null ? undefined : true}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={label}
          style={{ verticalAlign: 'middle' }}
          onClick={() => void copy()}
        >
          <Icon size={14} />
        </ActionIcon>
      </Tooltip>
      <span className="visually-hidden" role="status">
        {result !== null && words[result]}
      </span>
    </>
  );
}
