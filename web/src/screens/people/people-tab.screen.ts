import type { Screen } from '../../app/screen.ts';
import whole from './people.screen.ts';

export default {
  path: '/people/:tab',
  label: 'People',
  permission: 'staff:manage',
  load: whole.load,
} satisfies Screen;
