/** Where the statements that a run sends are written down; not set: nowhere. */
export const STATEMENTS_DIRECTORY = 'KEYWARD_TEST_STATEMENTS';
