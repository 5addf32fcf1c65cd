import '@mantine/spotlight/styles.css';
import { createSpotlight, Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { Building2, CircleAlert, CornerDownRight, Search } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { useTyped } from '../components/typing.ts';
import { useViewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { paletteWishes } from './palette.ts';
import { isOffered, screens } from './registry.ts';
import type { Screen } from './screen.ts';
import { FindOrganizationsDocument } from './tenant.graphql.ts';
import { useTenantSearch } from './tenant.ts';

/** Its own, or that of the item of the rail that it goes by. */
function iconOf({ rail, partOf }: Screen): ReactNode {
  const Icon = (rail ?? screens.find(({ path }) => path === partOf)?.rail)?.icon ?? CornerDownRight;
  return <Icon size={17} aria-hidden />;
}

const [store, palette] = createSpotlight();

/** Enter goes to the first of what is found, however late that came. What somebody went to by the arrows stays chosen. */
function useFirstChosen(isTyped: boolean, found: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: other things are found, and the first is another
  useEffect(() => {
    const first = document.querySelector('[data-action]');
    if (!isTyped || first === null || document.querySelector('[data-action][data-selected]') !== null) return;
    first.setAttribute('data-selected', 'true');
    store.updateState((state) => ({ ...state, selected: 0 }));
  }, [isTyped, found]);
}

/** Screens by their names, and organizations as somebody types. */
export default function CommandPalette() {
  const wishes = useStore(paletteWishes);
  useEffect(() => {
    if (wishes > 0) palette.open();
  }, [wishes]);
  const viewer = useViewer();
  const navigate = useNavigate();
  const tenantSearch = useTenantSearch();
  const [query, setQuery] = useState('');
  const search = useTyped(query);
  const [{ data, error, fetching }, ask] = useQuery({
    query: FindOrganizationsDocument,
    variables: { search },
    pause: search === '',
    requestPolicy: 'cache-and-network',
  });
  const isLooking = fetching || search !== query.trim();
  const isUnknown = search !== '' && error !== undefined && data === undefined;
  // While it is looked for there is still what was found before, under another name.
  const organizations = search === '' || isLooking ? [] : (data?.organizations.nodes ?? []);
  const typed = query.trim().toLowerCase();
  const places = screens.filter(
    (screen) =>
      (screen.rail ?? screen.shortcut) !== undefined &&
      isOffered(viewer, screen) &&
      screen.label.toLowerCase().includes(typed),
  );
  const notLookedUp = {
    id: 'again',
    label: 'Organizations could not be looked up now',
    description: 'Try again',
    leftSection: <CircleAlert size={17} />,
    onClick: () => ask({ requestPolicy: 'network-only' }),
    closeSpotlightOnTrigger: false,
  };
  const found: SpotlightActionGroupData[] = [
    {
      group: 'Go to',
      actions: places.map((place) => ({
        id: place.path,
        label: place.label,
        leftSection: iconOf(place),
        onClick: () => void navigate({ pathname: place.path, search: tenantSearch }),
      })),
    },
    {
      group: 'Organizations',
      actions: isUnknown
        ? [notLookedUp]
        : organizations.map(({ id, name, externalId, serviceProvider }) => ({
            id,
            label: name,
            description: [externalId, serviceProvider.name].filter(Boolean).join(' · '),
            leftSection: <Building2 size={17} />,
            onClick: () => void navigate(`/organizations/${id}`),
          })),
    },
  ];
  const groups = found.filter(({ actions }) => actions.length > 0);
  useFirstChosen(typed !== '', groups.flatMap(({ actions }) => actions.map(({ id }) => id)).join(' '));
  return (
    <Spotlight
      store={store}
      actions={groups}
      filter={(_, all) => all}
      query={query}
      onQueryChange={setQuery}
      // The shell listens for it before this is there.
      shortcut={null}
      nothingFound={typed === '' ? 'Type a name' : isLooking ? 'Looking' : 'Nothing is called that'}
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
