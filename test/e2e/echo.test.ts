import { describe, expect } from 'vitest';
import { bearer } from '../support/graphql-client.ts';
import { organizationId, test } from '../support/graphql-world.ts';
import { listen } from '../support/streams.ts';

/** Looks like a key string: whoever misplaces one must not find it in an error, a log or a screenshot. */
const CANARY = 'Ec7oH2cA9nRy';

/** What stands before or around a secret in the same value, and looks like the words of graphql-js. */
const decoys = [
  'A; B',
  '"; ',
  ', found "',
  'A\nB; ',
  '\\"; \\',
  ' at "input.newKey"; Field "a" is not defined by type "A".',
  'A" does not exist in "B" enum. Did you mean the enum value "',
  'Int cannot represent ',
  '; Expected type "A". ',
];

const EDIT = 'mutation ($input: EditApiKeyInput!) { editApiKey(input: $input) { userErrors { code message } } }';
const edit = (newKey: string) =>
  `mutation { editApiKey(input: { organizationId: "x", newKey: ${newKey} }) { userErrors { code message } } }`;
const apply = (endsAt: string) =>
  `mutation { applySubscription(input: { organizationId: "x", plan: "p", endsAt: ${endsAt} }) { userErrors { code } } }`;

/** Places of a document, but for names (of fields, arguments, types), where a value may stand, right or wrong. */
const documents = {
  'a string that ends nowhere': edit(`"${CANARY}`),
  'a block string that ends nowhere': edit(`"""${CANARY}`),
  'two strings in a row': edit(`"${CANARY}" "${CANARY}"`),
  'a bad escape': edit(`"${CANARY}\\q"`),
  'a bad unicode escape': edit(`"\\u${CANARY}"`),
  'no quotes': edit(CANARY),
  'quotes of another kind': edit(`'${CANARY}'`),
  'a list': edit(`["${CANARY}", "${CANARY}"]`),
  'an object': edit(`{ a: "${CANARY}" }`),
  'a string where a date belongs': apply(`"${CANARY}"`),
  'an enum where a date belongs': apply(CANARY),
  'a string where an Int belongs': `{ organizations(first: "${CANARY}") { nodes { id } } }`,
  'a string where an enum belongs': `{ organizations(orderBy: { field: "${CANARY}", direction: ASC }) { nodes { id } } }`,
  'an enum value that there is not': `{ organizations(orderBy: { field: ${CANARY}, direction: ASC }) { nodes { id } } }`,
  'a string where an object belongs': `{ organizations(filter: "${CANARY}") { nodes { id } } }`,
  'a string where a selection belongs': `{ viewer "${CANARY}" }`,
  'a string at the start': `"${CANARY}" { viewer { id } }`,
  'a block string at the start': `"""${CANARY}""" { viewer { id } }`,
  'a string at the end': `{ viewer { id } } "${CANARY}"`,
  'a string for a name': `query "${CANARY}" { viewer { id } }`,
  'a comment before an error': `# ${CANARY}\n{ viewer { id `,
  'a default value': `query ($first: Int = "${CANARY}") { organizations(first: $first) { nodes { id } } }`,
  'an argument of a directive': `{ viewer { id @include(if: "${CANARY}") } }`,
  'an id of nothing': `{ organization(id: "${CANARY}") { id } node(id: "${CANARY}") { id } }`,
  'a cursor': `{ organizations(after: "${CANARY}") { nodes { id } } }`,
  'a cursor of the audit trail': `{ auditEvents(after: "${CANARY}") { nodes { id } } }`,
  'a filter': `{ organizations(filter: { search: "${CANARY}", fingerprint: "${CANARY}", ids: ["${CANARY}"], serviceProviderId: "${CANARY}" }) { totalCount } }`,
};

/** Values of a variable where a key string, a date, a number, an enum or an id is wanted. */
const wrapped = [CANARY, `${CANARY}\n`, `${CANARY}"`, [CANARY], { a: CANARY }, { newKey: CANARY }, [[{ a: CANARY }]]];
const variables = [
  ...wrapped.map((newKey) => ({ organizationId: 'x', newKey })),
  ...wrapped.map((organizationId) => ({ organizationId, newKey: 'short' })),
  ...wrapped.map((expectedVersion) => ({ organizationId: 'x', newKey: 'short', expectedVersion })),
  ...wrapped.map((kind) => ({ organizationId: 'x', newKey: 'short', kind })),
  ...wrapped.map((idempotencyKey) => ({ organizationId: 'x', newKey: 'short', idempotencyKey })),
  ...wrapped,
];
/** Inputs with a secret, wrong by a field that is missing or misspelt, for which graphql-js prints the whole of them. */
const misspelt: readonly (readonly [string, string, object])[] = decoys.flatMap((decoy) => [
  ['syncApiKey', 'SyncApiKeyInput', { filter: { search: decoy }, newKey: CANARY, dryrun: true }],
  ['syncApiKey', 'SyncApiKeyInput', { filter: { search: decoy, [decoy]: CANARY }, newKey: CANARY, [decoy]: CANARY }],
  ['createStaffMember', 'CreateStaffMemberInput', { displayName: decoy, password: CANARY }],
  ['createTrustedIssuer', 'CreateTrustedIssuerInput', { issuer: decoy, clientSecret: CANARY, name: [decoy, CANARY] }],
]);
const hostile = decoys.flatMap((decoy) => [`${decoy}${CANARY}`, `${decoy}${CANARY}${decoy}`, [decoy, CANARY]]);

/** An edit with a literal in every place, right or wrong. */
const withLiteral = (text: string) => [
  edit(`[${text}]`),
  edit(`"short", kind: ${text}`),
  edit(`"short", expectedVersion: ${text}`),
  edit(`"short", misspelt: ${text}`),
  edit(`{ a: ${text} }`),
  apply(text),
  `{ organizations(filter: ${text}) { nodes { id } } }`,
  `{ viewer { id } } ${text}`,
];

const dates = wrapped.map((endsAt) => ({ organizationId: 'x', plan: 'p', endsAt }));

describe('no answer tells a value again that it was given', () => {
  test.for(Object.entries(documents))('in a document: %s', async ([, document], { signIn }) => {
    const answer = await (await signIn('providerAdmin')).query(document);
    expect([200, 400]).toContain(answer.status);
    expect(answer.text).not.toContain(CANARY);
  });

  test('in variables: of any shape, where a text, an id, a number or an enum belongs', async ({ signIn }) => {
    const client = await signIn('providerAdmin');
    const echoes: unknown[] = [];
    for (const input of variables) {
      const { text } = await client.query(EDIT, { input });
      if (text.includes(CANARY)) echoes.push({ input, text });
    }
    expect(echoes).toEqual([]);
  });

  test('in variables: a secret in an input with a field that is missing or misspelt', async ({ signIn }) => {
    const client = await signIn('providerAdmin');
    const echoes: unknown[] = [];
    for (const [field, type, input] of misspelt) {
      const document = `mutation ($input: ${type}!) { ${field}(input: $input) { userErrors { code } } }`;
      const { text } = await client.query(document, { input });
      expect(text).toContain('got an invalid value');
      if (text.includes(CANARY)) echoes.push({ input, text });
    }
    expect(echoes).toEqual([]);
  });

  test('in a document or in variables: a value that looks like an error', async ({ signIn }) => {
    const client = await signIn('providerAdmin');
    const echoes: string[] = [];
    for (const value of hostile) {
      const block = `"""${String(value).replaceAll('"', "'")}"""`;
      const answers = await Promise.all([
        ...[JSON.stringify(value), block].flatMap(withLiteral).map((document) => client.query(document)),
        client.query(EDIT, { input: { organizationId: 'x', newKey: 'short', kind: value } }),
        client.query(EDIT, { input: { organizationId: 'x', newKey: [value], expectedVersion: value } }),
        client.query(EDIT, { input: value }),
      ]);
      echoes.push(...answers.map(({ text }) => text).filter((text) => text.includes(CANARY)));
    }
    expect(echoes).toEqual([]);
  });

  test('but where it stands, and what is wrong with it', async ({ signIn }) => {
    const client = await signIn('providerAdmin');
    const told = async (input: unknown) => (await client.query(EDIT, { input })).errors.map(({ message }) => message);
    const wrong = 'Variable "$input" got an invalid value';
    expect(await told({ organizationId: 'A; B', newkey: CANARY })).toEqual([
      `${wrong}; Field "newKey" of required type "String!" was not provided.`,
      `${wrong}; Field "newkey" is not defined by type "EditApiKeyInput". Did you mean "newKey"?`,
    ]);
    expect(
      await told({ organizationId: 'A; B', newKey: null, expectedVersion: 'A; B', kind: 'sandbox_submission' }),
    ).toEqual([
      `${wrong} at "input.kind"; The value does not exist in "ApiKeyKind" enum. Did you mean the enum value "SANDBOX_SUBMISSION"?`,
      `${wrong} at "input.expectedVersion"; Int cannot represent this value.`,
      `${wrong} at "input.newKey"; Expected non-nullable type "String!" not to be null.`,
    ]);
    expect(await told('A; B')).toEqual([`${wrong}; Expected type "EditApiKeyInput" to be an object.`]);
  });

  test('in variables: of any shape, where a date belongs', async ({ signIn }) => {
    const client = await signIn('providerAdmin');
    const document =
      'mutation ($input: ApplySubscriptionInput!) { applySubscription(input: $input) { userErrors { code } } }';
    for (const input of dates) expect((await client.query(document, { input })).text).not.toContain(CANARY);
  });

  test('in a subscription', async ({ server, world }) => {
    const query = 'subscription ($id: ID!) { bulkOperation(id: $id) { status } }';
    const headers = await bearer(server.url, world.people.providerAdmin);
    const [refused] = await (await listen(server.url, headers, query, { id: { a: 'A; B', b: CANARY } })).rest();
    expect(refused?.data?.errors).toMatchObject([
      { message: 'Variable "$id" got an invalid value; ID cannot represent this value.' },
    ]);
  });

  test('in a refusal: an edit with a string of the wrong length, of the right one, or twice the same', async ({
    world,
    signIn,
  }) => {
    const client = await signIn('orgAdmin');
    // Not the one from above, which is also sent where it stays: as an alias, and as an idempotency key.
    const taken = 'Wd8eR2tY6uLk';
    for (const newKey of [taken.slice(1), `${taken}${taken}`, taken, taken]) {
      const answer = await client.query(EDIT, {
        input: { organizationId: organizationId(world.organization), newKey },
      });
      expect(answer.text).not.toContain(taken.slice(1));
    }
  });
});

describe('the log', () => {
  test('holds no value that a request held, nor what a client called its operation', async ({ server, signIn }) => {
    const client = await signIn('providerAdmin');
    for (const document of Object.values(documents)) await client.query(document);
    for (const input of [...variables, ...dates]) await client.query(EDIT, { input });
    await client.query(`query ${CANARY} { ${CANARY}: viewer { ${CANARY}: id } }`);
    expect(server.logLines.filter((line) => line.includes(CANARY))).toEqual([]);
    expect(server.logLines.length).toBeGreaterThan(10);
  });
});
