import { Button } from '@mantine/core';
import { CircleAlert, CircleCheck, Download } from 'lucide-react';
import { Link } from 'react-router';
import { TENANT_PARAMETER } from '../../../app/tenant.ts';
import { plural, wholeNumber } from '../../../components/time.ts';
import classes from '../onboarding.module.css';
import { type ImportView, reportAddressOf } from './import-api.ts';

interface ImportResultProps {
  readonly view: ImportView;
  /** Null of one that somebody else may have started. */
  readonly serviceProviderId: string | null;
  readonly onNext: () => void;
}

function inWords({ status, changed, unchanged, refused, total, failure }: ImportView): string {
  if (status === 'CANCELLED') return `Cancelled. ${plural(changed, 'organization')} had been added before.`;
  if (status === 'FAILED') {
    const why =
      failure ?? `${plural(refused, 'row')} of ${wholeNumber(total)} ${refused === 1 ? 'is' : 'are'} refused.`;
    return `Nothing was changed: ${why} Mend the file and import it again.`;
  }
  const rest = [
    unchanged > 0 ? `${wholeNumber(unchanged)} ${unchanged === 1 ? 'was' : 'were'} there already` : null,
    refused > 0 ? `${plural(refused, 'row')} ${refused === 1 ? 'was' : 'were'} refused` : null,
  ].filter((part) => part !== null);
  return `Added ${plural(changed, 'organization')}.${rest.length === 0 ? '' : ` ${rest.join(', ')}.`}`;
}

/** How an import ended, and where to go from there. */
export function ImportResult({ view, serviceProviderId, onNext }: ImportResultProps) {
  const isGood = view.status === 'SUCCEEDED' || view.status === 'PARTIALLY_SUCCEEDED';
  const Icon = isGood ? CircleCheck : CircleAlert;
  const search = new URLSearchParams({ sort: '-CREATED_AT' });
  if (serviceProviderId !== null) search.set(TENANT_PARAMETER, serviceProviderId);
  return (
    <div className={isGood ? classes.done : `${classes.done} ${classes.bad}`} role="status">
      <Icon size={18} aria-hidden />
      <p>{inWords(view)}</p>
      {isGood && (
        <Button component={Link} to={`/organizations?${search}`} size="xs">
          See organizations
        </Button>
      )}
      <Button
        component="a"
        href={reportAddressOf(view.operationId)}
        download
        size="xs"
        variant="default"
        leftSection={<Download size={14} />}
      >
        Download report
      </Button>
      <Button size="xs" variant="default" onClick={onNext}>
        Import another file
      </Button>
    </div>
  );
}
