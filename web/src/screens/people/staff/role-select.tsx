import { Select } from '@mantine/core';
import { useQuery } from 'urql';
import { roleInWords } from '../../../components/role.ts';
import { failureOf } from '../../../graphql/failure.ts';
import { HeldPermissions } from '../held-permissions.tsx';
import type { Place } from '../place-select.tsx';
import { RolesOfPlaceDocument, type RolesOfPlaceQuery } from './staff.graphql.ts';

type RoleChoice = RolesOfPlaceQuery['roles'][number];

/** One of both, as the API takes it; neither: not chosen yet. */
export interface ChosenRole {
  readonly role: RoleChoice['role'];
  readonly customRoleId: string | null;
}

export const NO_ROLE: ChosenRole = { role: null, customRoleId: null };

/** As the API takes it. */
export function roleInput({ role, customRoleId }: ChosenRole) {
  return customRoleId === null ? { role } : { customRoleId };
}

function choiceValue({ role, customRole }: RoleChoice): string {
  return role ?? customRole?.id ?? '';
}

interface RoleSelectProps {
  readonly place: Place;
  readonly value: ChosenRole;
  readonly onChange: (role: ChosenRole) => void;
  readonly error?: string | undefined;
  readonly label?: string;
  readonly isDisabled?: boolean;
  readonly description?: string;
  /** Says what the chosen role may do. */
  readonly withPermissions?: boolean;
}

/** The roles of a place; those that the viewer may not hand out are in it, and say so. */
export function RoleSelect(props: RoleSelectProps) {
  const { place, value, onChange, error, label = 'Role', isDisabled = false, description } = props;
  const [{ data, error: failed }] = useQuery({
    query: RolesOfPlaceDocument,
    variables: { serviceProviderId: place.serviceProviderId, organizationId: place.organizationId },
  });
  const roles = data?.roles ?? [];
  const chosen = roles.find((choice) => choiceValue(choice) === (value.role ?? value.customRoleId));
  const wordsOf = ({ name, mayGrant }: RoleChoice) =>
    `${roleInWords(name)}${mayGrant ? '' : ' (more than you may give)'}`;
  return (
    <>
      <Select
        label={label}
        description={description}
        placeholder="Choose what they may do"
        allowDeselect={false}
        withAsterisk={false}
        disabled={isDisabled}
        comboboxProps={{ shadow: 'md' }}
        value={value.role ?? value.customRoleId}
        error={error ?? (failed === undefined ? undefined : failureOf(failed).message)}
        data={[
          {
            group: 'Of the product',
            items: roles
              .filter(({ customRole }) => customRole === null)
              .map((choice) => ({ value: choiceValue(choice), label: wordsOf(choice), disabled: !choice.mayGrant })),
          },
          {
            group: 'Your own',
            items: roles
              .filter(({ customRole }) => customRole !== null)
              .map((choice) => ({ value: choiceValue(choice), label: wordsOf(choice), disabled: !choice.mayGrant })),
          },
        ].filter(({ items }) => items.length > 0)}
        onChange={(next) => {
          const choice = roles.find((each) => choiceValue(each) === next);
          if (choice !== undefined) onChange({ role: choice.role, customRoleId: choice.customRole?.id ?? null });
        }}
      />
      {props.withPermissions === true && chosen !== undefined && <HeldPermissions permissions={chosen.permissions} />}
    </>
  );
}
