import { Text } from '@mantine/core';
import { CircleCheck, OctagonX } from 'lucide-react';
import { actionInWords } from '../../components/audit-words.ts';
import { RelativeTime } from '../../components/relative-time.tsx';
import badge from '../../components/status-badge.module.css';
import type { TableColumn } from '../../components/table/column.ts';
import type { AuditRowFragment } from './audit.graphql.ts';

export type AuditRow = AuditRowFragment;

/** A refusal stands out; what was done does not. */
export function ResultBadge({ result }: { readonly result: string }) {
  const isDone = result === 'OK';
  const Icon = isDone ? CircleCheck : OctagonX;
  return (
    <span className={badge.badge} data-tone={isDone ? 'green' : 'red'} title={isDone ? 'Done' : `Refused: ${result}`}>
      <Icon size={13} aria-hidden />
      <span className={badge.word}>{isDone ? 'Done' : 'Refused'}</span>
    </span>
  );
}

const none = <span title="None">–</span>;

export const auditColumns: readonly TableColumn<AuditRow>[] = [
  { id: 'at', label: 'When', width: 120, isFixed: true, isNarrow: true, cell: ({ at }) => <RelativeTime at={at} /> },
  {
    id: 'action',
    label: 'What',
    width: 250,
    isFixed: true,
    isNarrow: true,
    cell: ({ action }) => (
      <Text component="span" size="sm" fw={550} title={action}>
        {actionInWords(action)}
      </Text>
    ),
  },
  { id: 'result', label: 'Result', width: 112, isNarrow: true, cell: ({ result }) => <ResultBadge result={result} /> },
  {
    id: 'code',
    label: 'Code',
    width: 190,
    isHiddenAtFirst: true,
    cell: ({ result }) => (result === 'OK' ? none : result),
  },
  {
    id: 'actor',
    label: 'Who',
    width: 160,
    cell: ({ actor, onBehalfOf }) => (
      <span dir="auto" title={onBehalfOf === null ? actor.displayName : `On behalf of ${onBehalfOf}`}>
        {actor.displayName}
      </span>
    ),
  },
  {
    id: 'organization',
    label: 'Organization',
    width: 220,
    cell: ({ organization }) =>
      organization === null ? (
        none
      ) : (
        <span dir="auto" title={organization.name}>
          {organization.name}
        </span>
      ),
  },
  {
    id: 'note',
    label: 'Note',
    width: 220,
    cell: ({ note }) =>
      note === null ? (
        none
      ) : (
        <span dir="auto" title={note}>
          {note}
        </span>
      ),
  },
];
