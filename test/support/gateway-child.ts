import { pino } from 'pino';
import { SessionLook } from '../../src/api-session/session-look.ts';
import { registerOauthToken } from '../../src/authentication/oauth-token.route.ts';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway/gateway.service.ts';
import { registerVerify } from '../../src/gateway/verify.route.ts';
import { createApp } from '../../src/http/app.ts';
import { openInstallation } from '../../src/installation.ts';

// The data plane of a server alone, as a process of its own.
const log = pino({ level: 'fatal' }, pino.destination(2));
const { services } = await openInstallation(readConfig(), log, 'AS_SERVER');
const app = await createApp(services, () => false);
await registerOauthToken(app, services);
registerVerify(app, createGateway(services, new SessionLook(services)));
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
