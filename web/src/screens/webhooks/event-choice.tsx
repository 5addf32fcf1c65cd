import { ActionIcon, Checkbox, Input } from '@mantine/core';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { useQuery } from 'urql';
import { PartialFailure } from '../../components/states.tsx';
import { failureOf } from '../../graphql/failure.ts';
import { useViewer } from '../../session/viewer.ts';
import { EventTypesDocument } from './choices.graphql.ts';
import classes from './choices.module.css';
import { eventInWords, groupedEvents } from './event-words.ts';

interface EventChoiceProps {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  readonly error?: string | undefined;
}

/** Types of events by what they are about: a whole group, or single ones of it. */
export function EventChoice({ chosen, onChange, error }: EventChoiceProps) {
  const [{ data, error: failed }, ask] = useQuery({
    query: EventTypesDocument,
    variables: {},
    requestPolicy: 'cache-first',
  });
  const isUnknown = failed !== undefined && data === undefined;
  const types = data?.eventTypes ?? [];
  const permissions = new Map(types.map(({ name, permission }) => [name, permission]));
  return (
    <Input.Wrapper
      label="Events"
      description="What it is told of: never with a key string."
      labelElement="div"
      error={error}
      role="group"
      aria-label="Events"
    >
      {isUnknown && (
        <PartialFailure failure={failureOf(failed)} onRetry={() => ask({ requestPolicy: 'network-only' })} />
      )}
      <ul className={classes.groups} aria-busy={(data === undefined && !isUnknown) || undefined}>
        {groupedEvents(types.map(({ name }) => name)).map((group) => (
          <EventGroup key={group.label} {...group} permissions={permissions} chosen={chosen} onChange={onChange} />
        ))}
      </ul>
    </Input.Wrapper>
  );
}

interface EventGroupProps extends EventChoiceProps {
  readonly label: string;
  readonly types: readonly string[];
  readonly permissions: ReadonlyMap<string, string>;
}

function EventGroup({ label, types, permissions, chosen, onChange }: EventGroupProps) {
  const viewer = useViewer();
  const id = useId();
  const ticked = types.filter((type) => chosen.includes(type));
  const [isOpen, setIsOpen] = useState(ticked.length > 0 && ticked.length < types.length);
  const whyNot = (type: string) => {
    const permission = permissions.get(type) ?? '';
    return viewer.permissions.includes(permission) ? null : `It takes ${permission}, which you do not have.`;
  };
  const allowed = types.filter((type) => whyNot(type) === null);
  const areAll = allowed.length > 0 && allowed.every((type) => chosen.includes(type));
  const isOneSubject = new Set(types.map((type) => type.split('.')[0])).size === 1;
  const without = (gone: readonly string[]) => chosen.filter((type) => !gone.includes(type));
  return (
    <li>
      <div className={classes.groupHead}>
        <Checkbox
          size="xs"
          label={label}
          checked={areAll}
          indeterminate={!areAll && ticked.length > 0}
          disabled={allowed.length === 0}
          onChange={() => onChange(areAll ? without(types) : [...without(types), ...allowed])}
        />
        <span className={classes.groupCount}>
          {ticked.length} of {types.length}
        </span>
        <ActionIcon
          size="sm"
          color="gray"
          aria-label={`${isOpen ? 'Hide' : 'Show'} events: ${label}`}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? <ChevronDown size={15} aria-hidden /> : <ChevronRight size={15} aria-hidden />}
        </ActionIcon>
      </div>
      <div id={id} className={classes.types} hidden={!isOpen}>
        {isOpen &&
          types.map((type) => (
            <Checkbox
              key={type}
              size="xs"
              label={eventInWords(type, isOneSubject)}
              description={whyNot(type) ?? <code>{type}</code>}
              checked={chosen.includes(type)}
              disabled={whyNot(type) !== null && !chosen.includes(type)}
              onChange={() => onChange(chosen.includes(type) ? without([type]) : [...chosen, type])}
              styles={{ description: { color: 'var(--kw-ink-2)' } }}
            />
          ))}
      </div>
    </li>
  );
}
