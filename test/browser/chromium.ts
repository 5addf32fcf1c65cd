import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** The first has no window to draw: half the work. */
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const HOW_TO_GET_ONE =
  'The browser tests need Chromium, and none was found. Install it (Debian: apt-get install chromium-headless-shell; macOS: brew install ' +
  '--cask chromium), or set KEYWARD_CHROMIUM to the program, then run npm test again.';

function findChromium(): string {
  const { KEYWARD_CHROMIUM: given, PATH = '' } = process.env;
  const onPath = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = (given === undefined ? [...onPath, ...places] : [given]).find((path) => existsSync(path));
  if (found === undefined) throw new Error(HOW_TO_GET_ONE);
  return found;
}

/** @throws Error that says how to get a browser where there is none: no test of the console is passed over in silence */
export function launchChromium(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: findChromium(), args: isRoot ? ['--no-sandbox'] : [] });
}
