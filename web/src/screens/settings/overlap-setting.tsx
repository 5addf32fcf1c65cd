import { Button, NumberInput, Switch, Text, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { minutesInWords } from '../../components/time.ts';
import { showDone } from '../../components/toasts.tsx';
import { useCommand } from '../../graphql/use-command.ts';
import { useMay } from '../../session/viewer.ts';
import { SetOverlapAllowedDocument } from './settings.graphql.ts';
import classes from './settings.module.css';

const LONGEST_MINUTES = 1440;
const FIRST_MINUTES = 240;

interface OverlapSettingProps {
  readonly provider: { readonly id: string; readonly name: string; readonly overlapAllowedMinutes: number };
}

function overlapInWords(minutes: number): string {
  if (minutes === 0) return 'An old key never works beside a new one: it stops at once.';
  return `After a rotation an old key may work on for up to ${minutesInWords(minutes)}, where the rotation asks for it.`;
}

/** For how long rotations may let an old key work beside the new one. */
export function OverlapSetting({ provider: { id, name, overlapAllowedMinutes } }: OverlapSettingProps) {
  const mayChange = useMay('provider:manage');
  const command = useCommand(SetOverlapAllowedDocument);
  const [minutes, setMinutes] = useState(overlapAllowedMinutes);
  const [problem, setProblem] = useState<string | undefined>();

  function change(next: number) {
    setProblem(undefined);
    setMinutes(next);
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    const result = await command.run({ serviceProviderId: id, overlapAllowedMinutes: minutes });
    if (!result.isDone) return setProblem(result.failures[0]?.message);
    showDone(overlapInWords(minutes));
  }

  return (
    <section className={classes.card} aria-labelledby="overlap">
      <Title order={2} size="h5" id="overlap">
        Overlap of old and new keys
      </Title>
      <Text size="sm" c="var(--kw-ink-2)">
        For organizations of {name}, and for rotations by policy or by plan alone: regenerating, editing or syncing by
        hand ends the old key at once, and so do disabling and deleting.
      </Text>
      {mayChange ? (
        <form className={classes.mapping} onSubmit={(event) => void submit(event)}>
          <Switch
            label="Rotations may let the old key work on for a while"
            checked={minutes > 0}
            error={minutes === 0 ? problem : undefined}
            onChange={(event) => change(event.currentTarget.checked ? overlapAllowedMinutes || FIRST_MINUTES : 0)}
          />
          {minutes > 0 && (
            <NumberInput
              label="For at most so many minutes"
              description={`Up to ${LONGEST_MINUTES}, which is a day. A leaked old key works on for as long.`}
              min={1}
              max={LONGEST_MINUTES}
              allowDecimal={false}
              allowNegative={false}
              w={260}
              value={minutes}
              error={problem}
              onChange={(value) => change(typeof value === 'number' ? value : 1)}
            />
          )}
          <div>
            <Button type="submit" size="xs" loading={command.isRunning} disabled={minutes === overlapAllowedMinutes}>
              Save overlap
            </Button>
          </div>
        </form>
      ) : (
        <Text size="sm">{overlapInWords(overlapAllowedMinutes)}</Text>
      )}
    </section>
  );
}
