import type { FastifyReply } from 'fastify';

export const SESSION_COOKIE = 'keyward_session';

/** Scripts cannot read it and other sites' pages cannot send it; over https it never leaves in the clear. */
function options(publicUrl: string) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: publicUrl.startsWith('https:') } as const;
}

export function setSessionCookie(reply: FastifyReply, publicUrl: string, token: string, lifetimeSeconds: number): void {
  reply.setCookie(SESSION_COOKIE, token, { ...options(publicUrl), maxAge: lifetimeSeconds });
}

export function clearSessionCookie(reply: FastifyReply, publicUrl: string): void {
  reply.clearCookie(SESSION_COOKIE, options(publicUrl));
}
