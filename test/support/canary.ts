import { randomInt } from 'node:crypto';
import { decodeGlobalId } from '../../src/graphql/global-id.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const CANARY = /kwx[a-z]{12}/g;

/** A word that stands in one text of one tenant, and survives folding, host names and user names. */
export function canary(): string {
  return `kwx${Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
}

export function canariesIn(text: string): string[] {
  return text.match(CANARY) ?? [];
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

export function uuidsIn(text: string): string[] {
  return text.match(UUID) ?? [];
}

/** All that a text says once its global ids and cursors are opened. */
export interface Unfolded {
  /** The text itself, and what was wrapped in it. */
  readonly texts: readonly string[];
  /** Of the things that global ids name, and of whatever is written as a UUID. */
  readonly ids: ReadonlySet<string>;
  /** Of the root providers that global ids carry along. */
  readonly roots: ReadonlySet<string>;
}

const WRAPPED = /[A-Za-z0-9_-]{16,}/g;

export function unfold(text: string): Unfolded {
  const texts = [text];
  const ids = new Set<string>();
  const roots = new Set<string>();
  for (let at = 0; at < texts.length; at++) {
    const outer = texts[at] ?? '';
    for (const id of uuidsIn(outer)) ids.add(id);
    for (const token of outer.match(WRAPPED) ?? []) {
      const decoded = decodeGlobalId(token);
      if (decoded === null) {
        const inner = textInside(token);
        if (inner !== null && !texts.includes(inner)) texts.push(inner);
      } else {
        ids.add(decoded.id);
        roots.add(decoded.rootProviderId);
      }
    }
  }
  return { texts, ids, roots };
}

function textInside(token: string): string | null {
  const bytes = Buffer.from(token, 'base64url');
  const text = bytes.toString();
  return text.isWellFormed() && !/[\p{Cc}�]/u.test(text) ? text : null;
}
