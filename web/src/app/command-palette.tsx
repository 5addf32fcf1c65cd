import '@mantine/spotlight/styles.css';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight';
import { Building2, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { useViewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { paletteWishes } from './palette.ts';
import { isOffered, screens } from './registry.ts';
import { FindOrganizationsDocument } from './tenant.graphql.ts';

const TYPING_MS = 120;

/** Screens by their names, and organizations as somebody types. */
export default function CommandPalette() {
  const wishes = useStore(paletteWishes);
  useEffect(() => {
    if (wishes > 0) spotlight.open();
  }, [wishes]);
  const viewer = useViewer();
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [search] = useDebouncedValue(query.trim(), TYPING_MS);
  const [{ data }] = useQuery({
    query: FindOrganizationsDocument,
    variables: { search },
    pause: search === '',
    requestPolicy: 'cache-and-network',
  });
  const organizations = search === '' ? [] : (data?.organizations.nodes ?? []);
  const typed = query.trim().toLowerCase();
  const places = screens.filter(
    (screen) =>
      (screen.rail ?? screen.shortcut) !== undefined &&
      isOffered(viewer, screen) &&
      screen.label.toLowerCase().includes(typed),
  );
  const actions: SpotlightActionGroupData[] = [
    {
      group: 'Go to',
      actions: places.map(({ path, label, rail }) => ({
        id: path,
        label,
        leftSection: rail === undefined ? null : <rail.icon size={17} />,
        onClick: () => void navigate(path),
      })),
    },
    {
      group: 'Organizations',
      actions: organizations.map(({ id, name, externalId, serviceProvider }) => ({
        id,
        label: name,
        description: [externalId, serviceProvider.name].filter(Boolean).join(' · '),
        leftSection: <Building2 size={17} />,
        onClick: () => void navigate(`/organizations/${id}`),
      })),
    },
  ];
  return (
    <Spotlight
      actions={actions}
      filter={(_, all) => all}
      query={query}
      onQueryChange={setQuery}
      // The shell listens for it before this is there.
      shortcut={null}
      nothingFound={search === '' ? 'Type a name' : 'Nothing is called that'}
      attributes={{ content: { 'aria-label': 'Search' } }}
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <Search size={17} />,
        placeholder: 'Search organizations, go to a screen',
        'aria-label': 'Search organizations, go to a screen',
      }}
    />
  );
}
