import { useDebouncedValue } from '@mantine/hooks';

/** How long somebody pauses before what they have typed is looked for. */
export const TYPING_MS = 150;

/** What somebody has typed, once they pause. */
export function useTyped(text: string): string {
  const [typed] = useDebouncedValue(text.trim(), TYPING_MS);
  return typed;
}
