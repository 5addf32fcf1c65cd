import { createStore } from '../store.ts';

/** Moves whenever a command has changed something: lists on the screen then look again. */
export const revision = createStore(0);

/** Moves when something has happened elsewhere: what is on the screen looks again, and nobody loses their place in a list. */
export const tidings = createStore(0);

/** How many answers on the screen could not be asked for anew. */
export const outOfDate = createStore(0);
