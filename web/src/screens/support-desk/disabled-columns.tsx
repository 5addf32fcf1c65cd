import { Button, Text, Tooltip } from '@mantine/core';
import { gravestOf, reasonWords } from '../../components/disablement.ts';
import { RelativeTime } from '../../components/relative-time.tsx';
import { statuses, statusOfSource } from '../../components/status.ts';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { TableColumn } from '../../components/table/column.ts';
import type { DisabledPageQuery } from './support-desk.graphql.ts';
import classes from './support-desk.module.css';

export type DisabledRow = DisabledPageQuery['organizations']['nodes'][number];

const first = ({ apiKey }: DisabledRow) => gravestOf(apiKey.disablements);

/** Why it cannot be enabled here; null when it can. */
export function objectionTo(row: DisabledRow): string | null {
  if (row.apiKey.allowedActions.includes('ENABLE')) return null;
  const held = row.apiKey.disablements.map(({ source }) => source);
  if (held.includes('PLATFORM')) return 'The platform has disabled it: only the platform can lift that.';
  if (held.every((source) => source === 'SUBSCRIPTION_EXPIRED'))
    return 'It works again when the subscription is renewed.';
  return 'Only a higher authority can lift this.';
}

const none = <span title="None">–</span>;

export function disabledColumns(onEnable: (row: DisabledRow) => void): readonly TableColumn<DisabledRow>[] {
  return [
    {
      id: 'name',
      label: 'Organization',
      width: 196,
      isFixed: true,
      isNarrow: true,
      cell: (row) => <Name row={row} />,
    },
    { id: 'source', label: 'Disabled', width: 196, cell: (row) => <Source row={row} /> },
    {
      id: 'reason',
      label: 'Reason',
      width: 140,
      cell: (row) => {
        const reason = first(row)?.reason;
        return reason === undefined ? none : <span title={reasonWords[reason]}>{reasonWords[reason]}</span>;
      },
    },
    {
      id: 'note',
      label: 'Note',
      width: 136,
      cell: (row) => {
        const note = first(row)?.note ?? null;
        return note === null ? (
          none
        ) : (
          <span dir="auto" title={note}>
            {note}
          </span>
        );
      },
    },
    {
      id: 'age',
      label: 'Since',
      width: 112,
      cell: (row) => {
        const at = first(row)?.at;
        return at === undefined ? none : <RelativeTime at={at} />;
      },
    },
    {
      id: 'by',
      label: 'By',
      width: 140,
      isHiddenAtFirst: true,
      cell: (row) => <bdi>{first(row)?.by.displayName}</bdi>,
    },
    {
      id: 'provider',
      label: 'Provider',
      width: 110,
      cell: ({ serviceProvider: { name } }) => (
        <span dir="auto" title={name}>
          {name}
        </span>
      ),
    },
    {
      id: 'enable',
      label: 'Enable',
      width: 84,
      isFixed: true,
      isNarrow: true,
      cell: (row) => <EnableButton row={row} onEnable={onEnable} />,
    },
  ];
}

/** With the status below it where there is no room for a column of its own. */
function Name({ row }: { readonly row: DisabledRow }) {
  const source = first(row)?.source;
  const status = source === undefined ? null : statuses[statusOfSource[source]];
  return (
    <>
      <Text component="span" size="sm" fw={550} dir="auto" title={row.name}>
        {row.name}
      </Text>
      {status !== null && (
        <span className={classes.below} data-tone={status.tone}>
          {status.word}
        </span>
      )}
    </>
  );
}

function Source({ row }: { readonly row: DisabledRow }) {
  const { disablements } = row.apiKey;
  const shown = first(row);
  if (shown === undefined) return none;
  const words = disablements.map(({ source }) => statuses[statusOfSource[source]].word).join(', ');
  return (
    <span title={words}>
      <StatusBadge
        status={statusOfSource[shown.source]}
        more={disablements.length > 1 ? `+${disablements.length - 1}` : undefined}
      />
    </span>
  );
}

function EnableButton({ row, onEnable }: { readonly row: DisabledRow; readonly onEnable: (row: DisabledRow) => void }) {
  const objection = objectionTo(row);
  const button = (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={`Enable the key of ${row.name}`}
      aria-description={objection ?? undefined}
      data-disabled={objection === null ? undefined : true}
      aria-disabled={objection !== null}
      onClick={() => objection === null && onEnable(row)}
    >
      Enable
    </Button>
  );
  return objection === null ? button : <Tooltip label={objection}>{button}</Tooltip>;
}
