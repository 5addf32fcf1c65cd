import { Code, Skeleton } from '@mantine/core';
import { PartialFailure } from '../../components/states.tsx';
import { failureOf } from '../../graphql/failure.ts';
import { useFreshQuery } from '../../graphql/use-fresh-query.ts';
import classes from '../webhooks/webhooks.module.css';
import { MailSenderDocument } from './mail.graphql.ts';

/** Whom mails come from, or that there are none. */
export function SenderLine() {
  const [{ data, error }, ask] = useFreshQuery({ query: MailSenderDocument, variables: {} });
  if (data === undefined && error !== undefined) {
    return <PartialFailure failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  }
  if (data === undefined) return <Skeleton height={20} maw={320} mx={24} my={12} />;
  if (data.mailSender !== null) {
    return (
      <p className={classes.lead}>
        Mails come from <b>{data.mailSender}</b>: what happens meanwhile comes in one, and never a key string.
      </p>
    );
  }
  return (
    <div className={classes.lead}>
      <div className={classes.notice} data-tone="amber" role="status">
        This server has no mail server and sends no mail. Whoever runs it sets <Code>KEYWARD_SMTP_URL</Code>, such as{' '}
        <Code>smtps://user:password@mail.example:465</Code>, and <Code>KEYWARD_MAIL_FROM</Code>, the address that mails
        are from, and starts it again. What is chosen here is kept.
      </div>
    </div>
  );
}
