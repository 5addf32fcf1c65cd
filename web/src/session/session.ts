import { showFailure } from '../components/toasts.tsx';
import { sessionState } from './session-state.ts';

export type SignInResult = 'OK' | 'REFUSED' | 'PASSWORD_CHANGE_REQUIRED' | { readonly message: string };

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const init: RequestInit = { method, credentials: 'same-origin' };
  return fetch(
    path,
    body === undefined
      ? init
      : { ...init, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
}

async function resultOf(answer: Response): Promise<SignInResult> {
  if (answer.ok) return 'OK';
  const { code, message } = (await answer.json().catch(() => ({}))) as { code?: string; message?: string };
  if (code === 'AUTHENTICATION_FAILED') return 'REFUSED';
  if (code === 'PASSWORD_CHANGE_REQUIRED') return 'PASSWORD_CHANGE_REQUIRED';
  return { message: message ?? 'The server does not answer as it should. Try again in a moment.' };
}

const unreachable: SignInResult = { message: 'The server cannot be reached. Check the connection, then try again.' };

/** For an HttpOnly cookie; the password is kept nowhere. */
export async function signIn(username: string, password: string): Promise<SignInResult> {
  return send('POST', '/auth/session', { username, password }).then(resultOf, () => unreachable);
}

/** Asked of the server: no script can see the session. */
export async function isSignedIn(): Promise<boolean> {
  const answer = await send('POST', '/graphql', { query: '{ viewer { id } }' }).catch(() => null);
  return answer?.ok ?? false;
}

export async function replacePassword(
  username: string,
  currentPassword: string,
  newPassword: string,
): Promise<SignInResult> {
  return send('POST', '/auth/password', { username, currentPassword, newPassword }).then(resultOf, () => unreachable);
}

/** Begins the page anew, so that nothing of what was seen remains in memory; only once the session is over. */
export async function signOut(): Promise<void> {
  const answer = await send('DELETE', '/auth/session').catch(() => null);
  if (answer === null || !(answer.ok || answer.status === 401)) {
    const message = 'You are still signed in: the server did not end your session. Try again in a moment.';
    return showFailure({ code: navigator.onLine ? 'UNREACHABLE' : 'OFFLINE', message, field: null });
  }
  sessionState.set('SIGNED_OUT');
  location.assign('/');
}
