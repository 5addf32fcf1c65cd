import { type GraphQLType, getNamedType, isInputObjectType, isObjectType } from 'graphql';
import { describe, expect } from 'vitest';
import { programSchema } from '../../src/graphql/schema.ts';
import { uniqueName } from '../support/fixtures.ts';
import type { Client, GraphQLAnswer } from '../support/graphql-client.ts';
import { providerId, test } from '../support/graphql-world.ts';
import type { KeyWorld, Person } from '../support/key-world.ts';
import { foundIn, needlesOf } from '../support/needles.ts';
import { readRows } from '../support/rows.ts';

const mutations = Object.values(programSchema().getMutationType()?.getFields() ?? {});
/** Those that take a key string, or give one. */
function mutationsWithKeyStrings(): string[] {
  const holds = (type: GraphQLType, field: string) => {
    const named = getNamedType(type);
    return (isObjectType(named) || isInputObjectType(named)) && field in named.getFields();
  };
  return mutations
    .filter(({ type, args }) => holds(type, 'keyString') || args.some((arg) => holds(arg.type, 'newKey')))
    .map(({ name }) => name);
}

/** An edit's own string: known to the test before the server has it. */
const EDITED = ['Mk5vX2bJ9cTw', 'pL0sM4nR8aYc', 'tG7yH1uJ6iKo'] as const;

interface Step {
  readonly mutation: string;
  readonly by: Person;
  readonly input: Readonly<Record<string, unknown>>;
}

const NOTHING =
  '{ organizations { nodes { name apiKey { id status maskedKey fingerprint version lastModifiedBy { displayName } disablements { note } } } } auditEvents { nodes { action result before after note requestId } } bulkOperations { nodes { kind status failure results { nodes { outcome code message } } } } apiKeyGroups(minimumCount: 1) { nodes { fingerprint } } }';

/** A key's whole life, with every mutation there is, some of them refused and some replayed. */
function storyOf(world: KeyWorld, fresh: string): Step[] {
  const inYears = (years: number) => new Date(Date.now() + years * 31_536_000_000).toISOString();
  const slot = { organizationId: fresh };
  const sandbox = { ...slot, kind: 'SANDBOX_SUBMISSION' };
  const step = (mutation: string, by: Person, input: Step['input']) => ({ mutation, by, input });
  const edit = (by: Person, newKey: string, more: Step['input'] = {}) =>
    step('editApiKey', by, { ...slot, newKey, ...more });
  return [
    step('createServiceProvider', 'providerAdmin', {
      name: uniqueName('Reseller'),
      parentId: providerId(world.tenants.reseller),
    }),
    step('applySubscription', 'providerAdmin', { ...slot, plan: 'API', endsAt: inYears(1) }),
    step('revealApiKey', 'providerAdmin', slot),
    step('regenerateApiKey', 'parentAdmin', { ...slot, idempotencyKey: 'once' }),
    step('regenerateApiKey', 'parentAdmin', { ...slot, idempotencyKey: 'once' }),
    edit('providerAdmin', EDITED[0], { idempotencyKey: 'twice' }),
    edit('providerAdmin', EDITED[0], { idempotencyKey: 'twice' }),
    edit('providerAdmin', EDITED[0]),
    edit('providerAdmin', EDITED[1], { idempotencyKey: 'twice' }),
    edit('providerAdmin', `${EDITED[0]}x`),
    edit('siblingAdmin', EDITED[0]),
    edit('providerAdmin', EDITED[0], { expectedVersion: 77 }),
    edit('platformAdmin', EDITED[1], { idempotencyKey: 'platform' }),
    step('revealApiKey', 'parentAdmin', slot),
    step('disableApiKey', 'platformSupport', { ...slot, reason: 'SECURITY_INCIDENT', note: 'looked odd' }),
    edit('providerAdmin', EDITED[0]),
    step('regenerateApiKey', 'providerAdmin', slot),
    step('enableApiKey', 'platformSupport', { ...slot, note: 'was not' }),
    step('addApiKey', 'providerAdmin', sandbox),
    step('editApiKey', 'providerAdmin', { ...sandbox, newKey: EDITED[1] }),
    step('deleteApiKey', 'providerAdmin', slot),
    step('addApiKey', 'providerAdmin', { ...slot, idempotencyKey: 'add' }),
    step('revealApiKey', 'providerAdmin', slot),
    step('cancelSubscription', 'providerAdmin', slot),
    step('regenerateApiKey', 'providerAdmin', slot),
    step('renewSubscription', 'providerAdmin', { ...slot, endsAt: inYears(3) }),
    step('revealApiKey', 'platformAdmin', slot),
    step('regenerateApiKey', 'platformAdmin', slot),
    step('revealApiKey', 'providerAdmin', slot),
    ...storyOfMany({ organizationIds: [fresh, 'names nothing'], atomicity: 'PER_ORGANIZATION' }, slot),
  ];
}

/** The same life, of many at a time. */
function storyOfMany(fleet: Step['input'], slot: Step['input']): Step[] {
  const step = (mutation: string, by: Person, input: Step['input']) => ({ mutation, by, input });
  const many = (mutation: string, by: Person, more: Step['input'] = {}) => step(mutation, by, { ...fleet, ...more });
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const inFourYears = new Date(Date.now() + 4 * 31_536_000_000).toISOString();
  return [
    many('syncApiKey', 'providerAdmin', { dryRun: true, newKey: EDITED[2] }),
    many('syncApiKey', 'providerAdmin', { newKey: EDITED[2], idempotencyKey: 'sync' }),
    many('syncApiKey', 'providerAdmin', { newKey: EDITED[2], idempotencyKey: 'sync' }),
    many('syncApiKey', 'siblingAdmin', { newKey: EDITED[2] }),
    many('syncApiKey', 'providerAdmin', { newKey: `${EDITED[2]}x` }),
    many('syncApiKey', 'providerAdmin', { newKey: EDITED[0], newKeyFrom: slot['organizationId'] }),
    many('syncApiKey', 'providerAdmin', { newKeyFrom: slot['organizationId'] }),
    many('syncApiKey', 'parentAdmin', { idempotencyKey: 'generated' }),
    many('syncApiKey', 'parentAdmin', { idempotencyKey: 'generated' }),
    many('syncApiKey', 'platformAdmin'),
    many('regenerateApiKeys', 'providerAdmin', { dryRun: true }),
    many('regenerateApiKeys', 'providerAdmin'),
    step('revealApiKey', 'providerAdmin', slot),
    many('disableApiKeys', 'providerAdmin', { reason: 'OTHER', note: 'looked odd' }),
    many('regenerateApiKeys', 'providerAdmin'),
    many('enableApiKeys', 'providerAdmin', { note: 'was not' }),
    many('renewSubscriptions', 'providerAdmin', { endsAt: inFourYears }),
    many('planRotation', 'providerAdmin', { newKey: EDITED[0], runAt: inAnHour, idempotencyKey: 'plan' }),
    many('planRotation', 'providerAdmin', { newKey: EDITED[0], runAt: inAnHour, idempotencyKey: 'plan' }),
    many('planRotation', 'providerAdmin', { newKey: `${EDITED[0]}x`, runAt: inAnHour }),
    many('planRotation', 'parentAdmin', { sharedString: true, runAt: inAnHour }),
    step('endKeyOverlap', 'providerAdmin', slot),
    step('revealApiKey', 'parentAdmin', slot),
  ];
}

function documentOf(mutation: string): string {
  const inputType = String(mutations.find(({ name }) => name === mutation)?.args[0]?.type);
  return `mutation ($input: ${inputType}) { ${mutation}(input: $input) { ${shownBy(mutation)} userErrors { code message field } } }`;
}

/** All that could tell of a string. */
function shownBy(mutation: string): string {
  const operation = 'operation { kind status failure results { nodes { organizationId outcome code message } } }';
  if (mutation === 'syncApiKey') return `keyString ${operation}`;
  if (mutation.endsWith('ApiKey') || mutation === 'endKeyOverlap')
    return 'keyString apiKey { maskedKey fingerprint version }';
  return /(ApiKeys|Subscriptions|Rotation)$/.test(mutation) ? operation : '';
}

interface Told {
  readonly step: Step;
  readonly answer: GraphQLAnswer;
}

async function tell(
  world: KeyWorld,
  signIn: (person: Person) => Promise<Client>,
): Promise<{ told: Told[]; lists: string[] }> {
  const creator = await signIn('providerAdmin');
  const created = await creator.query(
    'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }',
    {
      input: { serviceProviderId: providerId(world.tenants.reseller), name: uniqueName('Organization') },
    },
  );
  const told: Told[] = [];
  const lists: string[] = [];
  for (const step of storyOf(world, String(created.at('createOrganization.organization.id')))) {
    const client = await signIn(step.by);
    told.push({ step, answer: await client.query(documentOf(step.mutation), { input: step.input }) });
    lists.push((await (await signIn('orgAdmin')).query(NOTHING)).text, (await creator.query(NOTHING)).text);
  }
  return { told, lists };
}

const keyStringOf = ({ step, answer }: Told) => answer.at(`${step.mutation}.keyString`) ?? null;

describe('after a story of every mutation', () => {
  test('no key string is anywhere but in the answers of those who may reveal it', { timeout: 120_000 }, async ({
    server,
    world,
    signIn,
  }) => {
    const { told, lists } = await tell(world, signIn);
    const secrets = new Set<string>(EDITED);
    for (const one of told) {
      const keyString = keyStringOf(one);
      if (typeof keyString === 'string') secrets.add(keyString);
    }
    const rows = Object.entries(await readRows(server.database, []));
    const without = told.map(({ step, answer }) => ({
      step,
      text: answer.text.replace(/"keyString":"[A-Za-z0-9]{12}"/, ''),
    }));

    const untold = new Set(mutationsWithKeyStrings());
    for (const { step } of told) untold.delete(step.mutation);
    expect([...untold]).toEqual([]);
    expect(secrets.size).toBeGreaterThanOrEqual(EDITED.length + 4);
    expect(new Set(told.filter((one) => one.step.by.startsWith('platform')).map(keyStringOf))).toEqual(new Set([null]));
    const codes = told.flatMap(({ answer }) => answer.errors.map(({ extensions }) => extensions.code));
    expect(new Set(codes), 'a step says something that nobody understands').toEqual(new Set(['FORBIDDEN']));
    expect(foundIn(server.logLines.join('\n'), secrets)).toEqual([]);
    expect(
      rows
        .map(([table, texts]) => ({ table, found: foundIn(texts.join('\n'), secrets) }))
        .filter(({ found }) => found.length > 0),
    ).toEqual([]);
    expect(without.filter(({ text }) => foundIn(text, secrets).length > 0)).toEqual([]);
    expect(foundIn(lists.join('\n'), secrets)).toEqual([]);
  });
});

describe('the search itself', () => {
  test('finds a string in every form that it looks for', () => {
    const secret = 'Zq3vX9bK7mTw';
    const around = (before: string) => Buffer.from(`${before}${secret}and more`);
    const hidden = ['', 'x', 'xy', 'xyz'].flatMap((before) => [
      around(before).toString('base64'),
      around(before).toString('hex'),
      around(before).toString('base64url'),
    ]);
    for (const haystack of [...hidden, `key=${encodeURIComponent(secret)}`, secret])
      expect(foundIn(haystack, [secret])).toEqual([secret]);
    expect(Math.min(...needlesOf(secret).map(({ length }) => length))).toBeGreaterThanOrEqual(12);
  });
});
