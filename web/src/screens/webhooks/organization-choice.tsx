import { Radio } from '@mantine/core';
import { OrganizationsSelect } from '../../components/organizations/organizations-select.tsx';
import classes from './choices.module.css';

interface OrganizationChoiceProps {
  readonly providerId: string | null;
  /** Null: all. */
  readonly value: readonly string[] | null;
  readonly onChange: (ids: readonly string[] | null) => void;
  readonly error?: string | undefined;
}

/** Of all organizations and the provider itself, or of some organizations alone. */
export function OrganizationChoice({ providerId, value, onChange, error }: OrganizationChoiceProps) {
  return (
    <div>
      <Radio.Group
        label="Of which organizations"
        value={value === null ? 'all' : 'some'}
        onChange={(way) => onChange(way === 'all' ? null : [])}
      >
        <div className={classes.ways}>
          <Radio size="xs" value="all" label="All, and the provider itself" />
          <Radio size="xs" value="some" label="Some alone" />
        </div>
      </Radio.Group>
      {value !== null && (
        <OrganizationsSelect
          aria-label="Organizations"
          placeholder={value.length === 0 ? 'Type to find organizations' : ''}
          providerId={providerId}
          value={value}
          onChange={onChange}
          error={error}
        />
      )}
    </div>
  );
}
