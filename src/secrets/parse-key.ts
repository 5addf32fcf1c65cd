const KEY_BYTES = 32;

export const KEY_FORM = `${KEY_BYTES} bytes in base64 or hex: make one with \`openssl rand -base64 ${KEY_BYTES}\``;

/** Null unless the text is a 256-bit key in base64 or hex. */
export function parseKey(text: string): Buffer | null {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, /^[0-9a-f]{64}$/i.test(trimmed) ? 'hex' : 'base64');
  return key.length === KEY_BYTES ? key : null;
}
