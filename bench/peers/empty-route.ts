// The floor: a Fastify route that takes the same request and does nothing.
import Fastify from 'fastify';

const app = Fastify();
app.post('/', async () => ({ valid: true }));
process.stdout.write(`listening at ${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);
process.on('SIGTERM', () => void app.close());
