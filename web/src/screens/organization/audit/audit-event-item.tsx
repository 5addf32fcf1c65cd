import { Collapse, UnstyledButton } from '@mantine/core';
import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { type AuditedValue, auditedValues } from '../../../components/audit-states.ts';
import { auditWords } from '../../../components/audit-words.ts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { chosenReasons, reasonWords } from '../../../components/disablement.ts';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { roleInWords } from '../../../components/role.ts';
import { exactTime } from '../../../components/time.ts';
import type { OrganizationAuditQuery } from './audit.graphql.ts';
import classes from './audit-tab.module.css';

export type AuditEvent = OrganizationAuditQuery['auditEvents']['nodes'][number];

/** One event: a sentence, what was noted, and the rest on request. */
export function AuditEventItem({ event }: { readonly event: AuditEvent }) {
  const [isOpen, setIsOpen] = useState(false);
  const detailsId = useId();
  const { action, actor, at, note, result } = event;
  const isRefused = result !== 'OK';
  return (
    <li className={classes.event} data-refused={isRefused || undefined}>
      <div className={classes.line}>
        <p className={classes.sentence}>
          <b dir="auto">{actor.displayName}</b> {auditWords(action, result)}
          {isRefused && <span className={classes.refused}>Refused: {result}</span>}
        </p>
        <span className={classes.time}>
          <RelativeTime at={at} />
        </span>
        <UnstyledButton
          className={classes.toggle}
          aria-expanded={isOpen}
          aria-controls={detailsId}
          aria-label={`Details of ${exactTime(Date.parse(at))}`}
          onClick={() => setIsOpen(!isOpen)}
        >
          <ChevronRight size={15} aria-hidden data-open={isOpen || undefined} />
        </UnstyledButton>
      </div>
      {note !== null && (
        <p className={classes.note} dir="auto">
          {noteInWords(action, note)}
        </p>
      )}
      <Collapse expanded={isOpen} id={detailsId}>
        {isOpen && <Details event={event} />}
      </Collapse>
    </li>
  );
}

/** Of a disablement the reason comes first, as the API calls it. */
function noteInWords(action: string, note: string): string {
  if (action !== 'api_key.disable') return note;
  const reason = chosenReasons.find((each) => note === each || note.startsWith(`${each}: `));
  return reason === undefined ? note : `${reasonWords[reason]}${note.slice(reason.length)}`;
}

function Details({ event }: { readonly event: AuditEvent }) {
  const { at, action, actorRole, onBehalfOf, ipAddress, requestId, before, after } = event;
  return (
    <dl className={classes.details}>
      {auditedValues(before, after)
        .filter((value) => value.before !== value.after)
        .map((value) => (
          <Fact key={value.label} label={value.label}>
            {changeInWords(value)}
          </Fact>
        ))}
      <Fact label="At">{exactTime(Date.parse(at))}</Fact>
      <Fact label="Action">{action}</Fact>
      {actorRole !== null && <Fact label="Role">{roleInWords(actorRole)}</Fact>}
      {onBehalfOf !== null && <Fact label="On behalf of">{onBehalfOf}</Fact>}
      {ipAddress !== null && <Fact label="From">{ipAddress}</Fact>}
      {requestId !== null && (
        <Fact label="Request">
          {requestId} <CopyButton value={requestId} label="Copy request id" />
        </Fact>
      )}
    </dl>
  );
}

function changeInWords({ before, after, hasMoved }: AuditedValue): string | null {
  return hasMoved ? `${before ?? 'none'} → ${after ?? 'none'}` : (before ?? after);
}

function Fact({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd dir="auto">{children}</dd>
    </>
  );
}
