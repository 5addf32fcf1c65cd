import type { Screen } from '../../app/screen.ts';

export default {
  path: '/graphiql',
  label: 'GraphiQL',
  load: () => import('./graphiql-page.tsx'),
} satisfies Screen;
