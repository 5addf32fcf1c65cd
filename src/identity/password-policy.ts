import commonPasswords from 'fxa-common-password-list';
import { validationFailed } from '../errors.ts';
import type { Secret } from '../secrets/secret.ts';
import { fold } from '../text.ts';

const SHORTEST = 12;
export const LONGEST_PASSWORD = 1024;
/** A shorter name is found in half of all sentences. */
const SHORTEST_TELLING_NAME = 4;
const FEWEST_DIFFERENT = 5;
const MOST_STEPS = 2 / 3;

const ADVICE = 'A few words that have nothing to do with each other are hard to guess and easy to remember.';

/**
 * A password as somebody chose it: long enough, and none of those that are tried first. Lengths are in code points.
 * @throws DomainError `VALIDATION_FAILED`, which does not repeat it
 */
export function parsePassword(field: string, given: Secret, { username }: { readonly username: string }): Secret {
  const text = given.expose();
  const refuse = (reason: string) => validationFailed(field, reason);
  const length = [...text].length;
  if (length < SHORTEST) throw refuse(`Choose a password of at least ${SHORTEST} characters. ${ADVICE}`);
  if (length > LONGEST_PASSWORD) throw refuse(`Choose a password of at most ${LONGEST_PASSWORD} characters.`);
  if (!text.isWellFormed() || text.includes('\0')) throw refuse('The password must be text that a keyboard can write.');
  const folded = fold(text);
  if (tellsName(folded, username)) throw refuse(`Choose a password without the user name in it. ${ADVICE}`);
  if (isTrivial(folded)) throw refuse(`Choose a password that is no repetition and no row of keys. ${ADVICE}`);
  if (isCommon(folded))
    throw refuse(`This is one of the first passwords that are tried. Choose another one. ${ADVICE}`);
  return given;
}

function tellsName(folded: string, username: string): boolean {
  const name = fold(username);
  const [local = ''] = name.split('@');
  return [name, local].some((part) => part.length >= SHORTEST_TELLING_NAME && folded.includes(part));
}

/** Also when it stands twice, behind or before digits and signs, or with the usual signs for letters. */
function isCommon(folded: string): boolean {
  const unit = /^(.+?)\1+$/su.exec(folded)?.[1] ?? folded;
  const core = unit.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '');
  const spelledOut = core.replaceAll(/[@013457$]/g, (sign) => letterFor[sign] ?? sign);
  return [folded, unit, core, spelledOut].some((text) => commonPasswords.test(text));
}

const letterFor: Readonly<Record<string, string>> = {
  ...{ '@': 'a', '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', $: 's' },
};

function isTrivial(folded: string): boolean {
  const characters = [...folded];
  if (new Set(characters).size < FEWEST_DIFFERENT) return true;
  const steps = characters.filter((character, at) => at > 0 && isStep(characters[at - 1] ?? '', character));
  return steps.length / (characters.length - 1) >= MOST_STEPS;
}

/** Rows of the alphabet and of keyboards. */
const rows = [
  ...['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl'],
  ...['qsdfghjklm', 'zxcvbnm', 'yxcvbnm', 'wxcvbn'],
];

function isStep(one: string, next: string): boolean {
  return one === next || rows.some((row) => row.includes(one + next) || row.includes(next + one));
}
