import { Button, Switch, Text, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { minutesInWords } from '../../components/time.ts';
import { showDone } from '../../components/toasts.tsx';
import { WholeNumberInput } from '../../components/whole-number-input.tsx';
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
  const [isOn, setIsOn] = useState(overlapAllowedMinutes > 0);
  const [typed, setTyped] = useState<number | null>(overlapAllowedMinutes || FIRST_MINUTES);
  const minutes = isOn ? typed : 0;
  const [problem, setProblem] = useState<string | undefined>();

  function turn(next: boolean) {
    setProblem(undefined);
    setIsOn(next);
    setTyped(overlapAllowedMinutes || FIRST_MINUTES);
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (minutes === null) return;
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
            checked={isOn}
            error={isOn ? undefined : problem}
            onChange={(event) => turn(event.currentTarget.checked)}
          />
          {isOn && (
            <WholeNumberInput
              label="For at most so many minutes"
              description={`Up to ${LONGEST_MINUTES}, which is a day. A leaked old key works on for as long.`}
              min={1}
              max={LONGEST_MINUTES}
              w={260}
              value={typed}
              error={problem}
              onChange={(next) => {
                setProblem(undefined);
                setTyped(next);
              }}
            />
          )}
          <div>
            <Button
              type="submit"
              size="xs"
              loading={command.isRunning}
              disabled={minutes === null || minutes === overlapAllowedMinutes}
            >
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
