// The API-key verification of better-auth on PostgreSQL, rate limit off, behind a Fastify route. Keys are made at the start.
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import Fastify from 'fastify';
import pg from 'pg';

const auth = betterAuth({
  database: new pg.Pool({ connectionString: process.env['PEER_DATABASE_URL'], max: 10 }),
  baseURL: 'http://127.0.0.1',
  secret: 'a benchmark has no secrets, but needs one',
  telemetry: { enabled: false },
  emailAndPassword: { enabled: true },
  plugins: [apiKey({ rateLimit: { enabled: false } })],
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
const { user } = await auth.api.signUpEmail({
  body: { name: 'Bench', email: 'bench@keyward.test', password: 'correct horse battery' },
});
const keys: string[] = [];
for (let index = 0; index < Number(process.env['PEER_KEYS']); index++) {
  const { key } = await auth.api.createApiKey({ body: { userId: user.id } });
  keys.push(key);
}

const app = Fastify();
app.get('/keys', async () => keys);
app.post<{ Body: { key: string } }>('/verify', async ({ body }) => auth.api.verifyApiKey({ body: { key: body.key } }));
process.stdout.write(`listening at ${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);
process.on('SIGTERM', () => void app.close());
