import { createStore } from '../store.ts';

/** Moves whenever a command has changed something: lists on the screen then look again. */
export const revision = createStore(0);
