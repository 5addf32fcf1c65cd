import { Help } from '../../components/help.tsx';

/** What the receiver has to do, and what it can rely on. */
export function WebhooksHelp() {
  return (
    <Help
      title="How webhooks work"
      points={[
        <>
          Each event is a POST, signed as Standard Webhooks has it. The receiver checks <code>webhook-signature</code>{' '}
          over the body as it came, and answers 2xx, usually within 15 seconds.
        </>,
        <>
          At least once, and in order for each organization. What came already is known by its <code>webhook-id</code>.
        </>,
        'What is not taken is tried again for three days, less and less often. Then it is given up, and the next is sent.',
        'An endpoint that answers 410, or takes nothing for three days, is disabled. What waits is kept, and goes out once it is enabled again.',
        <>
          No event holds a key string. What each holds is told by its{' '}
          <a href="/events/schemas" target="_blank" rel="noreferrer">
            JSON schema
          </a>
          .
        </>,
      ]}
    />
  );
}
