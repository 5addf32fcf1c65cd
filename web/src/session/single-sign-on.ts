import { readLocal, writeLocal } from '../local-storage.ts';

const NAME = 'single-sign-on';
const START = /^\/auth\/sso\/[\w-]+$/;

/**
 * Where people of one issuer begin to sign in, of the address that an administrator has given them. Addresses of other sites
 * are none: nobody is led away from here by what they paste.
 */
export function signInPathOf(address: string): string | null {
  const url = URL.parse(address.trim(), location.origin);
  return url !== null && url.origin === location.origin && START.test(url.pathname) ? url.pathname : null;
}

/** The one that this browser was last sent to; it is no secret. */
export function rememberedSignInPath(): string | null {
  const path = readLocal(NAME);
  return path === null ? null : signInPathOf(path);
}

/** @param inNewTab where what somebody was doing is to stay */
export function goToSignIn(path: string, inNewTab: boolean): void {
  writeLocal(NAME, path);
  if (inNewTab) open(path, '_blank', 'noopener');
  else location.assign(path);
}

export function forgetSignInPath(): void {
  writeLocal(NAME, null);
}
