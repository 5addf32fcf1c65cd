// The same program without authentication and without row-level security, for the benchmark of what they cost: everybody is
// one administrator, and the database is asked as the owner of the tables.

import { randomBytes } from 'node:crypto';
import { pino } from 'pino';

import { SigningKeys } from '../../dist/authentication/signing-keys.js';
import { Database } from '../../dist/database/database.js';
import { createApp } from '../../dist/http/app.js';
import { registerGraphql } from '../../dist/http/graphql.route.js';
import { permissionsOf } from '../../dist/identity/permissions.js';
import { newId } from '../../dist/ids.js';
import { LocalKeyEncryptionKey } from '../../dist/secrets/key-encryption-key.js';
import { KeyRing } from '../../dist/secrets/key-ring.js';

const rootProviderId = process.env['PEER_ROOT_ID'];
const log = pino({ level: 'silent' });
const database = new Database({
  connectionString: process.env['PEER_DATABASE_URL'],
  poolSize: 10,
  statementTimeoutMs: 15_000,
  preparedStatements: true,
  log,
});
// No scope is set either: it is there for row-level security alone.
database.pool.on('connect', (client) => {
  const query = client.query.bind(client);
  client.query = (text, ...rest) => {
    const isBegin = typeof text === 'string' && text.startsWith('begin');
    return query(isBegin ? text.split(';')[0] : text, ...rest);
  };
});
const services = {
  database,
  keyRing: new KeyRing(new LocalKeyEncryptionKey(randomBytes(32))),
  signingKeys: new SigningKeys(database),
  publicUrl: 'http://localhost',
  log,
};
const actor = {
  id: newId(),
  displayName: 'Anybody',
  role: 'PROVIDER_ADMIN',
  authority: 'SERVICE_PROVIDER',
  permissions: permissionsOf('PROVIDER_ADMIN'),
  scope: { level: 'PROVIDER', rootProviderId, providerId: rootProviderId },
  home: { rootProviderId, providerPath: [rootProviderId], organizationId: null },
  onBehalfOf: null,
};
const app = await createApp(services, () => false);
await registerGraphql(app, services, async () => actor, true);
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
process.on('SIGTERM', () => process.exit());
