import { createTransport } from 'nodemailer';
import type { Secret } from '../secrets/secret.ts';

const CONNECTION_TIMEOUT_MS = 10_000;
/** Without a word of the server. */
const SILENCE_TIMEOUT_MS = 15_000;
/** The longest that one mail can take: a connection, and a few words that are each waited for. */
export const LONGEST_SENDING_MS = 2 * 60_000;

export interface MailerOptions {
  /** `smtp://` or `smtps://`, with a user and a password where the server wants them. */
  readonly url: Secret;
  /** The address that mails are from. */
  readonly from: string;
  /** Between two mails to whoever wants them at once. */
  readonly pauseMs: number;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same for the same mail, so that one that is sent twice is known. Without the host. */
  readonly id: string;
}

/** What came of a mail. */
export type Sending =
  | { readonly result: 'SENT' }
  /** The server wants this mail never, or not now. */
  | { readonly result: 'REFUSED'; readonly isForGood: boolean; readonly error: string }
  /** The server is away, or does not take us: no other mail would fare better. */
  | { readonly result: 'NO_SERVER'; readonly error: string };

/** The way by which mails leave. */
export interface Mailer {
  readonly from: string;
  readonly pauseMs: number;
  send(mail: Mail): Promise<Sending>;
}

export function createMailer({ url, from, pauseMs }: MailerOptions): Mailer {
  const transport = createTransport({
    url: url.expose(),
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: CONNECTION_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const host = from.replace(/^.*@/, '').replaceAll(/[^\w.-]/g, '');
  const send = async ({ to, subject, text, html, id }: Mail): Promise<Sending> => {
    try {
      await transport.sendMail({
        from,
        to: { name: '', address: to },
        messageId: `<${id}@${host}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        ...{ subject, text, html },
      });
      return { result: 'SENT' };
    } catch (error) {
      return sendingOf(error);
    }
  };
  return { from, pauseMs, send };
}

/** What a server says stays out of the answer: it may quote what is nobody's business. */
function sendingOf(error: unknown): Sending {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const responseCode = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    const isForGood = responseCode >= 500;
    return { result: 'REFUSED', isForGood, error: `The mail server refused it (${responseCode || 'no code'}).` };
  }
  if (code === 'EAUTH') return { result: 'NO_SERVER', error: 'The mail server did not let us in.' };
  return { result: 'NO_SERVER', error: 'The mail server could not be reached.' };
}
