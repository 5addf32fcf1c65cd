/** What a process does: answer requests, work in the background, or both. */
export const serverRoles = ['all', 'api', 'worker'] as const;
export type ServerRole = (typeof serverRoles)[number];
