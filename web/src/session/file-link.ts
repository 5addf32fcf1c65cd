import type { MouseEvent } from 'react';
import { saveAs } from '../components/save-as.ts';
import { showFailure } from '../components/toasts.tsx';
import { SESSION_ENDED } from '../graphql/failure.ts';
import { type ActingUnder, delegation, delegationHeaders } from './delegation.ts';
import { sessionState } from './session-state.ts';

/** A link to a file that the server makes, for an `a`. A browser follows it without a word of a delegation: then it is fetched here. */
export function fileLink(address: string) {
  return {
    href: address,
    download: true,
    onClick(event: MouseEvent) {
      const lent = delegation.get();
      if (lent === null) return;
      event.preventDefault();
      void saveUnder(lent, address);
    },
  };
}

async function saveUnder(lent: ActingUnder, address: string): Promise<void> {
  try {
    const answer = await fetch(address, { headers: delegationHeaders(lent) });
    if (answer.ok) saveAs(await answer.blob(), nameOf(answer));
    else await refuse(answer);
  } catch {
    const message = 'The file did not come. Check the connection, then try again.';
    showFailure({ code: navigator.onLine ? 'UNREACHABLE' : 'OFFLINE', message, field: null });
  }
}

function nameOf({ headers }: Response): string {
  return /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? 'keyward';
}

async function refuse(answer: Response): Promise<void> {
  const { code = 'INTERNAL', message } = (await answer.json().catch(() => ({}))) as { code?: string; message?: string };
  if (code === SESSION_ENDED) return sessionState.set('ENDED');
  showFailure({ code, message: message ?? 'The server could not make the file. Try again in a moment.', field: null });
}
