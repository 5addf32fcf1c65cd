/** Where an issuer sends people back to: it must know this address. */
export const CALLBACK_PATH = '/auth/sso/callback';
export const START_PATH = '/auth/sso/:trustedIssuerId';

export function redirectUriOf(publicUrl: string): string {
  return `${publicUrl}${CALLBACK_PATH}`;
}

/** @param globalId of the trusted issuer */
export function signInUrlOf(publicUrl: string, globalId: string): string {
  return `${publicUrl}${START_PATH.replace(':trustedIssuerId', globalId)}`;
}
