import { Code } from '@mantine/core';
import { MoreOf } from '../../components/more-of.tsx';
import { withReadableTimes } from '../../components/time.ts';
import { usePages } from '../../graphql/use-pages.ts';
import { NO_RESULTS } from './results.ts';
import { OperationResultsDocument } from './sync.graphql.ts';
import classes from './sync.module.css';

/** Who refuses, and why: each says what to do next. */
export function Refusals({ operationId }: { readonly operationId: string }) {
  const pages = usePages(
    OperationResultsDocument,
    { id: operationId, outcome: 'REFUSED' },
    (data) => data.bulkOperation?.results ?? NO_RESULTS,
  );
  if (pages.rows.length === 0) return <MoreOf pages={pages} />;
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard as well */}
      <ul className={classes.refusals} aria-label="Refused" tabIndex={0}>
        {pages.rows.map(({ organizationId, organization, code, message }) => (
          <li key={organizationId}>
            <div className={classes.refusalHead}>
              <span className={classes.name} dir="auto" title={organization.name}>
                {organization.name}
              </span>
              {code !== null && <Code fz={12}>{code}</Code>}
            </div>
            <span style={{ color: 'var(--kw-ink-2)' }}>{withReadableTimes(message ?? '')}</span>
          </li>
        ))}
      </ul>
      <MoreOf pages={pages} />
    </div>
  );
}
