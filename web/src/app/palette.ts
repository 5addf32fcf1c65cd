import { createStore } from '../store.ts';

/** How often somebody has asked for it. */
export const paletteWishes = createStore(0);
export const openPalette = (): void => paletteWishes.set(paletteWishes.get() + 1);
