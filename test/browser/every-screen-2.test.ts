import { lookAtScreens } from './look-at-screens.ts';
import { shownScreens } from './screens.ts';

/** In three files, which run beside each other. */
lookAtScreens(shownScreens.filter((_, index) => index % 3 === 1));
