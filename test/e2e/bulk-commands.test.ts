import { describe, expect } from 'vitest';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { newId } from '../../src/ids.ts';
import { YEAR_MS } from '../support/fixtures.ts';
import { organizationId, test } from '../support/graphql-world.ts';
import { disableByProvider } from '../support/key-states.ts';
import type { KeyWorld } from '../support/key-world.ts';

const endsAt = new Date(Date.now() + 2 * YEAR_MS).toISOString();
const later = new Date(Date.now() + 500 * YEAR_MS).toISOString();

const NO_TERMS = { fingerprint: null, reason: null, note: null, endsAt: null };

interface Subject {
  readonly mutation: string;
  readonly kind: string;
  /** Beside the target. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly arrange?: (world: KeyWorld) => Promise<void>;
  /** What is wrong with the command itself: the field at fault, and the code. */
  readonly wrong: readonly (readonly [Readonly<Record<string, unknown>>, string, string])[];
  readonly forbiddenTo: 'providerViewer' | 'providerSupport';
}

const subjects: readonly Subject[] = [
  {
    mutation: 'disableApiKeys',
    kind: 'DISABLE_API_KEY',
    input: { reason: 'OTHER', note: 'asked for' },
    wrong: [
      [{ note: null }, 'note', 'NOTE_REQUIRED'],
      [{ note: '\u0007' }, 'note', 'VALIDATION_FAILED'],
      [{ reason: 'SUBSCRIPTION_EXPIRED' }, 'reason', 'VALIDATION_FAILED'],
    ],
    forbiddenTo: 'providerViewer',
  },
  {
    mutation: 'enableApiKeys',
    kind: 'ENABLE_API_KEY',
    input: { note: 'paid' },
    arrange: disableByProvider,
    wrong: [[{ note: ' ' }, 'note', 'NOTE_REQUIRED']],
    forbiddenTo: 'providerViewer',
  },
  {
    mutation: 'regenerateApiKeys',
    kind: 'REGENERATE_API_KEY',
    input: {},
    wrong: [],
    forbiddenTo: 'providerSupport',
  },
  {
    mutation: 'renewSubscriptions',
    kind: 'RENEW_SUBSCRIPTION',
    input: { endsAt },
    wrong: [
      [{ endsAt: '2020-01-01T00:00:00Z' }, 'endsAt', 'VALIDATION_FAILED'],
      [{ endsAt: later }, 'endsAt', 'VALIDATION_FAILED'],
    ],
    forbiddenTo: 'providerSupport',
  },
];

function documentOf(mutation: string): string {
  const inputType = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  return `mutation ($input: ${inputType}!) { ${mutation}(input: $input) {
    operation { kind status dryRun total processed changed refused createdBy { displayName }
      terms { apiKeyKind fingerprint reason note endsAt }
      results { nodes { organizationId outcome code } } }
    userErrors { code field } } }`;
}

describe.for(subjects)('$mutation', ({ mutation, kind, input, arrange, wrong, forbiddenTo }) => {
  const document = documentOf(mutation);

  test('answers with the operation, organization by organization', async ({ world, signIn }) => {
    await arrange?.(world);
    const client = await signIn('providerAdmin');
    const known = organizationId(world.organization);
    const unknown = encodeGlobalId('Organization', world.organization.rootProviderId, newId());
    const target = { organizationIds: [unknown, known], atomicity: 'PER_ORGANIZATION' };
    const answer = await client.query(document, { input: { ...target, ...input } });
    expect(answer.errors).toEqual([]);
    expect(answer.at(mutation)).toEqual({
      operation: {
        ...{ kind, status: 'PARTIALLY_SUCCEEDED', dryRun: false, total: 2, processed: 2, changed: 1, refused: 1 },
        createdBy: { displayName: world.providerAdmin.displayName },
        terms: { ...NO_TERMS, apiKeyKind: kind === 'RENEW_SUBSCRIPTION' ? null : 'CLOUD_SERVICE', ...input },
        results: {
          nodes: [
            { organizationId: known, outcome: 'CHANGED', code: null },
            { organizationId: unknown, outcome: 'REFUSED', code: 'NOT_FOUND' },
          ],
        },
      },
      userErrors: [],
    });
  });

  test('is all or nothing unless told otherwise, and shows in a dry run what it would do', async ({
    world,
    signIn,
  }) => {
    await arrange?.(world);
    const client = await signIn('parentAdmin');
    const all = { ids: [organizationId(world.organization)] };
    const dryRun = await client.query(document, { input: { filter: all, dryRun: true, ...input } });
    expect(dryRun.at(`${mutation}.operation`)).toMatchObject({ status: 'SUCCEEDED', dryRun: true, changed: 1 });
    const organizationIds = [organizationId(world.organization), 'names nothing'];
    const answer = await client.query(document, { input: { organizationIds, ...input } });
    expect(answer.at(`${mutation}.operation`)).toMatchObject({ status: 'FAILED', changed: 0, refused: 1 });
    const run = await client.query(document, { input: { filter: all, ...input } });
    expect(run.at(`${mutation}.operation`)).toMatchObject({ status: 'SUCCEEDED', changed: 1 });
  });

  test('answers bad input with a code, the field and no operation', async ({ world, signIn }) => {
    const client = await signIn('providerAdmin');
    const organizationIds = [organizationId(world.organization)];
    const cases = [
      [{}, 'organizationIds', 'VALIDATION_FAILED'],
      [{ organizationIds: [] }, 'organizationIds', 'VALIDATION_FAILED'],
      [{ organizationIds, filter: {} }, 'organizationIds', 'VALIDATION_FAILED'],
      [{ filter: { search: 'nobody is called like this' } }, 'filter', 'VALIDATION_FAILED'],
      ...wrong.map(([more, field, code]) => [{ organizationIds, ...more }, field, code] as const),
    ] as const;
    for (const [bad, field, code] of cases) {
      const answer = await client.query(document, { input: { ...input, ...bad } });
      expect(answer.at(mutation)).toEqual({ operation: null, userErrors: [{ code, field: ['input', field] }] });
    }
  });

  test('is forbidden without the permission, and to staff of organizations', async ({ world, signIn }) => {
    for (const person of [forbiddenTo, 'orgAdmin'] as const) {
      const client = await signIn(person);
      const organizationIds = [organizationId(world.organization)];
      const answer = await client.query(document, { input: { organizationIds, ...input } });
      expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    }
  });
});
