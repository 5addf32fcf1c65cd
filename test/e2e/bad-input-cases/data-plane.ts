import { encodeGlobalId } from '../../../src/graphql/global-id.ts';
import { placeOf } from '../../support/fixtures.ts';
import { insertApiSession } from '../../support/tenant-rows/data-plane.ts';
import { type Case, type Input, make, type Setting, target } from './setting.ts';

async function apiSession({ world }: Setting): Promise<Input> {
  const { keyward, organization, people, tenants } = world;
  const { services, database } = keyward;
  const place = await placeOf(services, organization);
  const id = await insertApiSession(database, place, people.orgAdmin.member.id);
  return { apiSessionId: encodeGlobalId('ApiSession', tenants.root.rootProviderId, id) };
}

const newServer = (setting: Setting) => ({
  ...target(setting),
  name: 'Company login',
  issuer: setting.issuer,
  jwksUrl: `${setting.issuer}/jwks`,
  audience: 'https://api.example',
});

async function authorizationServer(setting: Setting): Promise<Input> {
  const client = await setting.signIn('providerAdmin');
  const id = await make(client, 'createAuthorizationServer', newServer(setting), 'authorizationServer.id');
  return { authorizationServerId: id };
}

export const dataPlaneCases: Readonly<Record<string, Case>> = {
  endApiSession: { input: apiSession },
  endApiSessions: { input: target },
  createAuthorizationServer: { input: newServer },
  updateAuthorizationServer: {
    input: async (setting) => {
      const { organizationId: _, ...settings } = newServer(setting);
      return { ...(await authorizationServer(setting)), ...settings, name: 'Other' };
    },
  },
  enableAuthorizationServer: {
    input: async (setting) => {
      await authorizationServer(setting);
      const client = await setting.signIn('providerAdmin');
      const input = { ...newServer(setting), name: 'The second' };
      return {
        authorizationServerId: await make(client, 'createAuthorizationServer', input, 'authorizationServer.id'),
      };
    },
  },
  disableAuthorizationServer: { input: authorizationServer },
  deleteAuthorizationServer: { input: authorizationServer },
};
