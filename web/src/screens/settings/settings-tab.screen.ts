import type { Screen } from '../../app/screen.ts';
import whole from './settings.screen.ts';

export default {
  path: '/settings/:tab',
  label: 'Settings',
  load: whole.load,
} satisfies Screen;
