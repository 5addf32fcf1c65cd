import { randomBytes } from 'node:crypto';

// Rows of tenants as the owner writes them, past every service: for tests that ask who can see them.

/** What a name, a note or an address is made of, given what it names. */
export type Words = (what: string) => string;

export const plainWords: Words = (what) => `${what} ${randomBytes(5).toString('hex')}`;
