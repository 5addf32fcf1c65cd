import { fold } from '../text.ts';
import { type NameWords, nameWords } from './names.ts';
import { Random } from './random.ts';

/** As long as a name may get that a screen must still show (CONSOLE.md): 120 characters. */
export const LONG_NAME =
  'Gemeinnützige Wohnungsbau-, Grundstücksverwaltungs- und Gebäudeinstandhaltungsgenossenschaft Oberschwaben-Filstal eG Ulm';
const LONG_NAME_INDEX = 23;

const SEED = 0x6b65_7977;
const MOST_DRAWS = 20;

/**
 * Company names without end, each unlike every earlier one even when folded. The n-th is always the same, so a fleet
 * that has n organizations grows on with what comes after.
 */
export function* companyNames(): Generator<string, never> {
  const random = new Random(SEED);
  const given = new Set([fold(LONG_NAME)]);
  for (let index = 0; ; index++) {
    if (index === LONG_NAME_INDEX) {
      yield LONG_NAME;
      continue;
    }
    const name = unlike(given, random, index);
    given.add(fold(name));
    yield name;
  }
}

function unlike(given: ReadonlySet<string>, random: Random, index: number): string {
  let name = '';
  for (let draw = 0; draw < MOST_DRAWS; draw++) {
    name = drawName(random, random.pickWeighted(nameWords), draw > 0);
    if (!given.has(fold(name))) return name;
  }
  return `${name} ${index}`;
}

/** @param long with all that makes it different from others */
function drawName(random: Random, words: NameWords, long: boolean): string {
  const { heads, trades, places, forms, and, join } = words;
  const first = random.pick(heads);
  const second = random.pick(heads);
  const isPair = second !== first && (long || random.chance(0.15));
  const place = long || random.chance(0.2) ? random.pick(places) : '';
  return join(isPair ? `${first}${and}${second}` : first, random.pick(trades), place, random.pick(forms));
}
