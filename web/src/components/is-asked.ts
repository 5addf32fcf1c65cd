/** Somebody is about to decide by what the screen shows: it neither changes nor goes away beneath their eyes. */
export const isAsked = () => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
