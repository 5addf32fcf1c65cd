/** Of whoever is told of events: whether it is told of any now, and since when it cannot be reached. */
interface Switch<Reason> {
  readonly failingSince: Date | null;
  readonly disabledAt: Date | null;
  readonly disabledReason: Reason | null;
}

/** By a command: once enabled again it has not failed yet. @param isEnabled undefined: as it was */
export function switchedTo<Reason>(
  { failingSince, disabledAt, disabledReason }: Switch<Reason>,
  isEnabled: boolean | undefined,
  now: Date,
): Switch<Reason | 'BY_STAFF'> {
  if (isEnabled === undefined || isEnabled === (disabledAt === null)) {
    return { failingSince, disabledAt, disabledReason };
  }
  if (isEnabled) return { failingSince: null, disabledAt: null, disabledReason: null };
  return { failingSince, disabledAt: now, disabledReason: 'BY_STAFF' };
}
