import { errorCodes } from '../errors.ts';
import { apiSessions } from './api-sessions.ts';
import { currentKey } from './current-key.ts';
import { decisions } from './decisions.ts';
import { eventSchemas } from './event-schemas.ts';
import { files } from './files.ts';
import { health } from './health.ts';
import { type Feature, object } from './openapi.ts';
import { signIn } from './sign-in.ts';

const code = { enum: errorCodes };
const text = { type: 'string' };

/** What all of them share. */
const common: Feature = {
  paths: {},
  securitySchemes: {
    clientSecret: { type: 'http', scheme: 'basic', description: 'The id and the secret of a service account.' },
  },
  schemas: {
    Error: object({
      code,
      message: { type: 'string', description: 'Says what to do next.' },
      errors: { type: 'array', items: object({ message: text, extensions: object({ code }) }) },
    }),
  },
};

const features: readonly Feature[] = [common, apiSessions, currentKey, decisions, eventSchemas, files, signIn, health];

/** Everything that is answered over HTTP but GraphQL, which describes itself. @param publicUrl where clients reach it */
export function openApiDocument(publicUrl: string) {
  const merged = <Name extends keyof Feature>(name: Name) =>
    Object.assign({}, ...features.map((feature) => feature[name] ?? {})) as NonNullable<Feature[Name]>;
  return {
    openapi: '3.1.1',
    info: {
      title: 'Keyward',
      version: '1',
      summary: 'Where keys are used: sessions, fetched keys and decisions; and events, files, sign-in and health.',
      description: 'Organizations, keys and whoever manages them are reached by GraphQL, at /graphql.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    tags: ['API sessions', 'Keys', 'Decisions', 'Events', 'Files', 'Sign-in', 'Operation'].map((name) => ({ name })),
    paths: merged('paths'),
    components: { schemas: merged('schemas'), securitySchemes: merged('securitySchemes') },
  };
}
