import { OrganizationSelect } from '../../../components/organizations/organization-select.tsx';

export interface KeyHolder {
  readonly id: string;
  readonly name: string;
}

interface KeyHolderFieldProps {
  readonly holder: KeyHolder | null;
  readonly error: string | undefined;
  readonly onHolder: (holder: KeyHolder | null) => void;
}

/** Finds an organization that has a key. */
export function KeyHolderField({ holder, error, onHolder }: KeyHolderFieldProps) {
  return (
    <OrganizationSelect
      label="Whose key"
      clearable
      maw={420}
      value={holder === null ? null : { id: holder.id, label: holder.name }}
      among={{ apiKeyStatus: ['ENABLED', 'DISABLED'] }}
      onChange={(chosen) => onHolder(chosen === null ? null : { id: chosen.id, name: chosen.label })}
      error={error}
      clearButtonProps={{ 'aria-label': 'Clear' }}
    />
  );
}
