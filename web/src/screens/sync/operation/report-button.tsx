import { Button } from '@mantine/core';
import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { saveAs } from '../../../components/save-as.ts';
import { wholeNumber } from '../../../components/time.ts';
import { showFailure } from '../../../components/toasts.tsx';
import type { Failure } from '../../../graphql/failure.ts';
import { makeReport } from './report.ts';

/** Every organization with how it ended, as CSV. Pressed again while it is being made, it stops. */
export function ReportButton({ operationId, name }: { readonly operationId: string; readonly name: string }) {
  const client = useClient();
  const [count, setCount] = useState<number | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function make() {
    const controller = new AbortController();
    running.current = controller;
    setCount(0);
    const file = await makeReport(client, operationId, setCount, controller.signal).catch((failure: Failure) => {
      showFailure(failure);
      return null;
    });
    setCount(null);
    running.current = null;
    if (file !== null) saveAs(file, `${name}.csv`);
  }

  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<Download size={14} aria-hidden />}
      onClick={() => (count === null ? void make() : running.current?.abort())}
    >
      {count === null ? 'Download report' : `${wholeNumber(count)} so far, stop`}
    </Button>
  );
}
