import { Anchor, Divider, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { Mark } from '../app/mark.tsx';
import { usePageTitle } from '../components/page-title.ts';
import { SignInForm } from './sign-in-form.tsx';
import classes from './sign-in-page.module.css';
import { SingleSignOnForm } from './single-sign-on-form.tsx';

const hasFailed = () => new URLSearchParams(location.search).get('sign-in') === 'failed';

export default function SignInPage({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const [isAfterFailure] = useState(hasFailed);
  usePageTitle('Sign in');
  return (
    <main className={classes.page}>
      <section className={classes.card} aria-labelledby="sign-in">
        <Stack gap={4} mb="lg">
          <Mark size={36} />
          <Title order={1} size="h3" id="sign-in" mt="sm">
            Sign in to Keyward
          </Title>
          <Text size="sm" c="var(--kw-ink-2)">
            API keys of your customers, in one place.
          </Text>
        </Stack>
        {isAfterFailure && (
          <Text size="sm" role="alert" className={classes.alert}>
            Single sign-on did not let you in. Ask whoever manages people at your provider whether your account has a
            role here.
          </Text>
        )}
        <SignInForm onSignedIn={onSignedIn} />
        <Divider label="or" my="md" />
        <SingleSignOnForm />
        <Text size="xs" c="var(--kw-ink-2)" mt="lg">
          Programs use{' '}
          <Anchor href="/graphql" size="xs" underline="always">
            /graphql
          </Anchor>
          .
        </Text>
      </section>
    </main>
  );
}
