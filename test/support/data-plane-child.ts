import { pino } from 'pino';
import { registerApiSessions } from '../../src/api-session/api-session.route.ts';
import { SessionLook } from '../../src/api-session/session-look.ts';
import { createAuthenticate } from '../../src/authentication/authenticate.ts';
import { registerOauthToken } from '../../src/authentication/oauth-token.route.ts';
import { readConfig } from '../../src/config.ts';
import { registerCurrentKey } from '../../src/current-key/current-key.route.ts';
import { registerAuthorize } from '../../src/gateway/authorize.route.ts';
import { createGateway } from '../../src/gateway/gateway.service.ts';
import { createApp } from '../../src/http/app.ts';
import { trustsPeersIn } from '../../src/http/trusted-peers.ts';
import { openInstallation } from '../../src/installation.ts';

// What clients and gateways of a server ask, as a process of its own that can be killed. It ends with whoever started it.
const config = readConfig();
const { services } = await openInstallation(config, pino({ level: 'fatal' }, pino.destination(2)), 'AS_SERVER');
const app = await createApp(services, () => false, config.trustedProxies);
await registerOauthToken(app, services);
await registerApiSessions(app, services);
const gateway = createGateway(services, new SessionLook(services));
await registerAuthorize(app, services, gateway, trustsPeersIn(config.trustedProxies));
registerCurrentKey(app, services, createAuthenticate(services));
process.stdin.on('end', () => process.exit()).resume();
process.stdout.write(`${await app.listen({ host: config.host, port: config.port })}\n`);
