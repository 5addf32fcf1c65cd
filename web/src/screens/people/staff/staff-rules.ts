import { isPlatformStaff, type Viewer } from '../../../session/viewer.ts';
import { beyond } from '../permission-words.ts';
import type { StaffRow } from './staff-columns.tsx';

const ONESELF = 'Nobody does this to themselves: ask somebody else who manages people.';

/** Why the viewer may not touch somebody; null: they may. The server has the last word. */
export function whyNotManage(viewer: Viewer, { permissions }: StaffRow): string | null {
  const missing = beyond(viewer, permissions, isPlatformStaff(viewer));
  return missing.length === 0 ? null : `They may do what you may not: ${missing.join(', ')}.`;
}

/** The same for what nobody does to themselves. */
export function whyNotAsAnother(viewer: Viewer, member: StaffRow): string | null {
  return viewer.id === member.id ? ONESELF : whyNotManage(viewer, member);
}

export function whyNotResetPassword(viewer: Viewer, member: StaffRow): string | null {
  if (viewer.id === member.id) return 'Change your own under Settings.';
  if (member.signsInAt === 'TRUSTED_ISSUER') return 'They sign in by single sign-on: their password is there.';
  return whyNotManage(viewer, member);
}

export function whyNotChangeRole(viewer: Viewer, member: StaffRow): string | null {
  if (member.signsInAt === 'TRUSTED_ISSUER') return 'Their role comes from the issuer by which they sign in.';
  return whyNotAsAnother(viewer, member);
}
