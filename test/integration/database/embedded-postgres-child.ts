// A process of its own for the tests beside: starts the database in the directory given, says so, and lives on.
import { startEmbeddedPostgres } from '../../../src/database/embedded-postgres.ts';

const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error('usage: embedded-postgres-child.ts <data directory>');
const { connectionString } = await startEmbeddedPostgres(dataDir);
process.stdout.write(`${connectionString}\n`);
process.stdin.resume(); // keeps the process; the test ends it
