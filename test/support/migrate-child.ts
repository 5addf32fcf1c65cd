// Migrates DATABASE_URL by the scripts in MIGRATIONS.
import { migrate } from '../../src/database/migrate.ts';

process.stdin.on('end', () => process.exit()).resume(); // with whoever started it
process.stdout.write('begins\n');
await migrate(process.env['DATABASE_URL'] ?? '', process.env['MIGRATIONS'] ?? '');
process.exit();
