// npm run build: installs when needed, and builds in any case. With `server`, all but the console.
import { prepare } from './prepare.mjs';

await prepare({ forceBuild: true, withConsole: process.argv[2] !== 'server' });
