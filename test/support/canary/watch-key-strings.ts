import crypto, { type Cipheriv, type Hmac } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { keepSecret } from './places.ts';

// Every key string passes through node:crypto, however it came to be: it is drawn from randomInt, hashed for its fingerprint,
// and sealed. Watched there, it is known even if the command that made it was refused or rolled back, and the program itself
// needs no door for tests. Loaded before the program: by the setup of the tests, and by --import in processes they start.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 12;
const KEY_STRING = /^[A-Za-z0-9]{12}$/;
/** Of what is searched for, and of notes: it is hashed to learn that it is nobody's key. */
const PLAIN_WORD = /^[a-z]+$/;

function watch(data: unknown): void {
  const text = Buffer.isBuffer(data) && data.length === LENGTH ? data.toString() : data;
  if (typeof text !== 'string') return;
  const last = text.slice(text.lastIndexOf('|') + 1);
  if (KEY_STRING.test(last) && !PLAIN_WORD.test(last)) keepSecret(last);
}

let drawn = '';
/** A string is drawn without a pause. */
function watchDraw(letter: string): void {
  if (drawn === '') queueMicrotask(() => (drawn = ''));
  drawn += letter;
  if (drawn.length < LENGTH) return;
  watch(drawn);
  drawn = '';
}

const { randomInt, createHmac, createCipheriv } = crypto;

function watchedRandomInt(...args: [number]): number {
  const number = randomInt(...args);
  if (args[0] === ALPHABET.length) watchDraw(ALPHABET[number] ?? '');
  return number;
}

function withWatchedUpdate<Algorithm extends Hmac | Cipheriv>(algorithm: Algorithm): Algorithm {
  const update = algorithm.update as (...args: unknown[]) => unknown;
  const watched = (...args: unknown[]) => {
    watch(args[0]);
    return update.apply(algorithm, args);
  };
  return Object.assign(algorithm, { update: watched });
}

Object.assign(crypto, {
  randomInt: watchedRandomInt,
  createHmac: (...args: Parameters<typeof createHmac>) => withWatchedUpdate(createHmac(...args)),
  createCipheriv: (...args: Parameters<typeof createCipheriv>) => withWatchedUpdate(createCipheriv(...args)),
});
syncBuiltinESMExports();
