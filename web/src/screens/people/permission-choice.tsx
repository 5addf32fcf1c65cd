import { Checkbox, Group, SimpleGrid } from '@mantine/core';
import { permissionInWords } from './permission-words.ts';

interface PermissionChoiceProps {
  readonly label: string;
  /** Those that mean something there. */
  readonly offered: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
  /** Why one of them cannot be given; null: it can. */
  readonly whyNot: (permission: string) => string | null;
  readonly error?: string | undefined;
}

/** A bundle of permissions: what each means, and why some are out of reach. */
export function PermissionChoice({ label, offered, chosen, onChange, whyNot, error }: PermissionChoiceProps) {
  return (
    <Checkbox.Group label={label} value={[...chosen]} onChange={onChange} error={error}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" verticalSpacing={10} mt={6}>
        {offered.map((permission) => {
          const reason = whyNot(permission);
          return (
            <Checkbox
              key={permission}
              size="xs"
              value={permission}
              disabled={reason !== null && !chosen.includes(permission)}
              label={permissionInWords(permission)}
              description={
                <Group component="span" gap={6}>
                  <span style={{ fontFamily: 'var(--kw-mono)' }}>{permission}</span>
                  {reason}
                </Group>
              }
              styles={{ label: { color: 'var(--kw-ink)' }, description: { color: 'var(--kw-ink-2)' } }}
            />
          );
        })}
      </SimpleGrid>
    </Checkbox.Group>
  );
}
