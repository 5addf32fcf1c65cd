import { type GraphQLArgument, type GraphQLInputField, getNullableType, isInputObjectType } from 'graphql';
import { describe, expect } from 'vitest';
import { errorCodes } from '../../src/errors.ts';
import { programSchema } from '../../src/graphql/schema.ts';
import type { TestStaff } from '../support/fixtures.ts';
import { clientWith, type GraphQLAnswer } from '../support/graphql-client.ts';
import { test as base, organizationId } from '../support/graphql-world.ts';
import { startIdentityProvider } from '../support/identity-provider.ts';
import { addSandboxKey } from '../support/key-states.ts';
import { createKeyWorld, type KeyWorld, type Person } from '../support/key-world.ts';
import { RECORDS, type Rows, readRows } from '../support/rows.ts';
import { tokenOfSession } from '../support/session.ts';
import { startTestServer, type TestServer } from '../support/test-installation.ts';
import type { Setting } from './bad-input-cases/setting.ts';
import { cases } from './bad-input-cases.ts';
import { badValuesOf } from './bad-values.ts';

/** The server may ask identity providers of this machine. */
const test = base
  .extend('idp', { scope: 'file' }, async ({}, { onCleanup }) => {
    const idp = await startIdentityProvider();
    onCleanup(() => idp[Symbol.asyncDispose]());
    return idp;
  })
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startTestServer({ allowedPrivateHosts: ['127.0.0.1'] });
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  // By no password: so many wrong ones are tried here that nobody could sign in from this address.
  .extend('signIn', ({ server, world }) => signInTo(server, world))
  // Tenants for each mutation, and not for each of its fields: what is refused changes nothing.
  .extend('spoilable', { scope: 'file' }, ({ server, idp }) => {
    const arranged = new Map<string, ReturnType<typeof arrangeCase>>();
    return (name: string) => {
      const found = arranged.get(name) ?? arrangeAnew(name, server, idp.issuer);
      arranged.set(name, found);
      return found;
    };
  });

function signInTo({ url, services }: TestServer, world: KeyWorld) {
  return async (who: Person | TestStaff) => {
    const token = await tokenOfSession(services, typeof who === 'string' ? world.people[who] : who);
    return clientWith(url, { authorization: `Bearer ${token}` });
  };
}

async function arrangeAnew(name: string, server: TestServer, issuer: string) {
  const world = await createKeyWorld(server);
  return arrangeCase(name, { world, signIn: signInTo(server, world), issuer });
}

const mutations = Object.values(programSchema().getMutationType()?.getFields() ?? {});

/** The one argument that every mutation takes: an object with its fields, or an id. */
function argumentOf(name: string): GraphQLArgument {
  const [argument, ...more] = mutations.find((mutation) => mutation.name === name)?.args ?? [];
  if (argument === undefined || more.length > 0) throw new Error(`${name} does not take one argument`);
  return argument;
}

/** What of it can be spoiled. */
function fieldsOf(name: string): readonly (GraphQLArgument | GraphQLInputField)[] {
  const argument = argumentOf(name);
  const type = getNullableType(argument.type);
  return isInputObjectType(type) ? Object.values(type.getFields()) : [argument];
}

function documentOf(name: string): string {
  const argument = argumentOf(name);
  return `mutation ($given: ${String(argument.type)}) {
    ${name}(${argument.name}: $given) { userErrors { code message field } } }`;
}

/** @param input all its fields; those of a mutation that takes an id are that id */
function givenOf(name: string, input: Readonly<Record<string, unknown>>): unknown {
  const argument = argumentOf(name);
  return isInputObjectType(getNullableType(argument.type)) ? input : input[argument.name];
}

async function arrangeCase(name: string, setting: Setting) {
  const found = cases[name];
  if (found === undefined) throw new Error(`${name} has no case`);
  await found.arrange?.(setting.world);
  const input = await found.input(setting);
  return { world: setting.world, client: await setting.signIn('providerAdmin'), input };
}

/** But for what a refused command may write, also how often a password was wrong. */
function rowsOf({ database }: TestServer): Promise<Rows> {
  return readRows(database, [...RECORDS, 'rate_limit']);
}

interface Said {
  readonly code: unknown;
  readonly message: unknown;
}

function refusalsIn(answer: GraphQLAnswer, name: string): Said[] {
  const userErrors = answer.at(`${name}.userErrors`);
  const asData = Array.isArray(userErrors) ? (userErrors as unknown as Said[]) : [];
  return [...answer.errors.map(({ message, extensions }) => ({ message, code: extensions.code })), ...asData];
}

const LEAK =
  /\n\s+at |node_modules|\.(ts|js)\b|\/(work|src|home|tmp)\/|\b(select|insert into|update|delete from)\b .* (from|set|values|where)\b|relation "|column "|syntax error at/i;

/** Long and odd enough that nobody says it by chance. */
function echoOf(value: unknown): string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const pieces = text?.match(/[\w+-]{8,}/g) ?? [];
  return pieces
    .map((piece) => piece.slice(0, 40))
    .filter((piece) => !['toString', 'constructor', '__proto__'].includes(piece));
}

/** Everything that is wrong with how the server took bad input; empty when nothing is. */
function complaintsAbout(answer: GraphQLAnswer, name: string, value: unknown): string[] {
  const refusals = refusalsIn(answer, name);
  const codes = refusals.map(({ code }) => String(code));
  const echoes = echoOf(value).filter((piece) => answer.text.includes(piece));
  return [
    ...([200, 400].includes(answer.status) ? [] : [`status ${answer.status}`]),
    ...(refusals.length > 0 ? [] : [`was taken: ${answer.text.slice(0, 200)}`]),
    ...codes.filter((code) => code === 'INTERNAL' || !errorCodes.some((known) => known === code)),
    ...(LEAK.test(answer.text) ? [`leaks: ${answer.text.slice(0, 300)}`] : []),
    ...echoes.map((piece) => `echoes ${piece}: ${answer.text.slice(0, 300)}`),
  ];
}

test('every mutation of the schema has a case here', () => {
  expect(Object.keys(cases).sort()).toEqual(mutations.map(({ name }) => name).sort());
});

describe('bad input is refused with a code of the list, says nothing of the inside, and changes nothing', () => {
  const fields = Object.keys(cases).flatMap((name) =>
    fieldsOf(name).map((field) => ({ name, field: field.name, type: field.type })),
  );

  test.for(fields)('$name: $field', { timeout: 60_000 }, async ({ name, field, type }, { server, spoilable }) => {
    const { world, client, input } = await spoilable(name);
    const before = await rowsOf(server);
    const complaints: Record<string, string[]> = {};
    const { taken = {} } = cases[name] ?? {};
    for (const bad of badValuesOf(field, type, world)) {
      if (taken[field]?.test(bad.name)) continue;
      const answer = await client.query(documentOf(name), { given: givenOf(name, { ...input, [field]: bad.value }) });
      const found = complaintsAbout(answer, name, bad.value);
      if (found.length > 0) complaints[bad.name] = found;
    }
    expect(complaints).toEqual({});
    expect(await rowsOf(server)).toEqual(before);
  });

  test.for(Object.keys(cases))(
    '%s: no input at all, input of another shape, and a field too many',
    async (name, { server, spoilable }) => {
      const { client, input } = await spoilable(name);
      const before = await rowsOf(server);
      const all = [undefined, null, {}, [], 5, 'Zq3vX9bK7mTw', [input, input], { ...input, more: 'Zq3vX9bK7mTw' }];
      for (const value of all)
        expect(complaintsAbout(await client.query(documentOf(name), { given: value }), name, value)).toEqual([]);
      expect(await rowsOf(server)).toEqual(before);
    },
  );
});

describe('bad input that only a rule knows', () => {
  const versions = Object.keys(cases).filter((name) =>
    fieldsOf(name).some((field) => field.name === 'expectedVersion'),
  );
  test.for(versions)('%s: a version that never was is VERSION_CONFLICT', async (name, { server, spoilable }) => {
    const { client, input } = await spoilable(name);
    const before = await rowsOf(server);
    for (const expectedVersion of [-1, -2147483648, 2147483647, 99]) {
      const answer = await client.query(documentOf(name), { given: { ...input, expectedVersion } });
      expect(refusalsIn(answer, name).map(({ code }) => code)).toEqual(['VERSION_CONFLICT']);
    }
    expect(await rowsOf(server)).toEqual(before);
  });

  test('a sandbox key is KEY_NOT_EDITABLE', async ({ world, signIn }) => {
    await addSandboxKey(world);
    const client = await signIn('orgAdmin');
    const input = {
      organizationId: organizationId(world.organization),
      kind: 'SANDBOX_SUBMISSION',
      newKey: 'abcDEF123456',
    };
    expect(refusalsIn(await client.query(documentOf('editApiKey'), { given: input }), 'editApiKey')).toMatchObject([
      { code: 'KEY_NOT_EDITABLE' },
    ]);
  });

  test.for(Object.keys(cases))(
    'the right input of %s does succeed: it is the one field that spoils it',
    async (name, { world, signIn, idp }) => {
      const { client, input } = await arrangeCase(name, { world, signIn, issuer: idp.issuer });
      const answer = await client.query(documentOf(name), { given: givenOf(name, input) });
      expect(refusalsIn(answer, name)).toEqual([]);
      expect(answer.at(name)).toBeDefined();
    },
  );
});
