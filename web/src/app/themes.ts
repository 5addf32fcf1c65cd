import { Monitor, Moon, Sun } from 'lucide-react';

/** What somebody can choose between, by the name that Mantine has for it. */
export const themes = [
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
  { value: 'auto', label: 'As the system', icon: Monitor },
] as const;
