// npm run build: installs when needed, and builds in any case.
import { prepare } from './prepare.mjs';

await prepare({ forceBuild: true });
