import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printSortedSchema } from './print-schema.ts';
import { programSchema } from './schema.ts';

writeFileSync(fileURLToPath(new URL('../../schema.graphql', import.meta.url)), printSortedSchema(programSchema()));
