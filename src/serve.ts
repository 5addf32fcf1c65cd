import { join } from 'node:path';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { startServer } from './server.ts';
import type { ServerRole } from './server-role.ts';

/** npm passes a Ctrl-C on that the terminal has already sent to every process: it counts once. */
const SAME_SIGNAL_MS = 1000;

/** Runs until SIGINT or SIGTERM, then stops in good order. A second signal, given later, ends it at once. */
export async function serve(role: ServerRole): Promise<void> {
  const config = readConfig();
  const stopAsked = nextSignal();
  const server = await startServer(config, createLog(config.logLevel), role);
  const credentialsFile = server.hasDemoFleet ? join(config.dataDir, 'demo-credentials.json') : null;
  process.stdout.write(
    role === 'worker' ? workerWelcome(config.host, server.port) : welcome(server.url, credentialsFile),
  );
  await stopAsked;
  process.stdout.write('Stopping ...\n');
  await server.stop();
}

function nextSignal(): Promise<void> {
  let firstAt: number | null = null;
  return new Promise((resolve) => {
    const onSignal = () => {
      firstAt ??= performance.now();
      if (performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(1);
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

function workerWelcome(host: string, port: number): string {
  return `Keyward is ready to work in the background (its health: http://${host}:${port}/readyz)\n`;
}

function welcome(url: string, credentialsFile: string | null): string {
  const lines = [`Keyward is ready at ${url} (GraphQL: ${url}/graphql)`];
  if (credentialsFile !== null) {
    lines.push(
      `Users and passwords of the demo fleet: ${credentialsFile}`,
      `Try first: sign in at ${url} as a PROVIDER_ADMIN. Or, as a program, at POST /auth/login, and ask for { organizations { nodes { name apiKey { status maskedKey } } } }`,
      'Or let a client live the whole story: npm run example',
    );
  }
  return `${lines.join('\n')}\n`;
}
