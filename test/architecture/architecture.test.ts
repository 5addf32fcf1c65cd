import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { cruise, type IFlattenedRuleSet, type IViolation } from 'dependency-cruiser';
import { expect, test } from 'vitest';
import { knownBreaches } from './known-breaches.ts';
import { skeletonPathOf, sourcePathOf, writeSkeleton } from './skeleton.ts';
import {
  longFunctionsOf,
  MOST_LINES,
  MOST_LINES_OF_FUNCTION,
  readSources,
  reExportsOf,
  type SourceFile,
  uncommentedFunctionsOf,
} from './sources.ts';

const sources = await readSources();
const prismaClient: SourceFile = { path: 'src/generated/prisma/client.ts', text: '' };

interface Rules extends Required<Pick<IFlattenedRuleSet, 'forbidden'>> {
  readonly stepsOfFeatures: readonly string[];
}
const rules: Rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');
const layers: IFlattenedRuleSet = { forbidden: rules.forbidden };
const featuresFormADag: IFlattenedRuleSet = {
  forbidden: [{ name: 'features-form-a-dag', severity: 'error', scope: 'folder', from: {}, to: { circular: true } }],
};

/** A feature without its rules, without what every service may import, and without what puts features together. */
function isPartOfFeature({ path }: SourceFile): boolean {
  if (/^src\/(graphql|http|database|secrets|command|seed)\//.test(path) || /^src\/[^/]+$/.test(path)) return false;
  if (/\.(resolver|type|input|route|worker|service|repository|sql)\.ts$/.test(path)) return true;
  return rules.stepsOfFeatures.some((step) => new RegExp(step).test(path));
}

function describeViolation({ rule, from, to, cycle }: IViolation): string {
  const way = cycle === undefined ? [to] : cycle.map(({ name }) => name);
  return `${rule.name}: ${[from, ...way].map(sourcePathOf).join(' -> ')}`;
}

async function findViolations(files: readonly SourceFile[], ruleSet: IFlattenedRuleSet): Promise<string[]> {
  await using skeleton = await writeSkeleton(files);
  const options = { baseDir: skeleton.folder, validate: true, ruleSet };
  const { output } = await cruise(files.map(skeletonPathOf), options);
  if (typeof output === 'string') throw new Error('dependency-cruiser wrote a report instead of giving its result');
  if (output.modules.length < files.length) throw new Error('dependency-cruiser has not seen every file');
  return output.summary.violations.map(describeViolation).sort();
}

function find(what: (source: SourceFile) => readonly string[]): string[] {
  return sources.flatMap((source) => what(source).map((found) => `${source.path}: ${found}`));
}

test('files import only what their layer may import', async () => {
  const violations = await findViolations([...sources, prismaClient], layers);
  expect(violations).toEqual(knownBreaches);
});

test('features form a DAG', async () => {
  expect(await findViolations(sources.filter(isPartOfFeature), featuresFormADag)).toEqual([]);
});

test('only config.ts reads the environment', () => {
  // The second one passes PATH, and nothing else, on to PostgreSQL.
  const readers = sources.filter(({ text }) =>
    /\bprocess\s*\.\s*env\b|\bprocess\[|\benv\b.*from 'node:process'/.test(text),
  );
  expect(readers.map(({ path }) => path)).toEqual(['src/config.ts', 'src/database/postgres-account.ts']);
});

test('what makes traces is loaded only when there are to be any', () => {
  const ofTraces = /^(?:import|export)\b(?! type)[^;]*from '(?:@opentelemetry\/|[^']*\/open-telemetry\.ts')/m;
  const loaded = find(({ path, text }) =>
    path.endsWith('/open-telemetry.ts') || !ofTraces.test(text) ? [] : ['traces'],
  );
  expect(loaded).toEqual([]);
});

test('there are no barrels', () => {
  expect(sources.map(({ path }) => path).filter((path) => basename(path) === 'index.ts')).toEqual([]);
  expect(find(reExportsOf)).toEqual([]);
});

test.for(['src', 'test', 'bench', 'clients', 'examples'])(
  `no file of %s is longer than ${MOST_LINES} lines`,
  async (folder) => {
    const long = (await readSources(folder)).filter(({ text }) => text.split('\n').length > MOST_LINES + 1);
    expect(long.map(({ path }) => path)).toEqual([]);
  },
);

test(`no function is longer than ${MOST_LINES_OF_FUNCTION.src} lines`, () => {
  expect(find((source) => longFunctionsOf(source, MOST_LINES_OF_FUNCTION.src))).toEqual([]);
});

test('every exported function of a service says what it guarantees', () => {
  expect(find((source) => (source.path.endsWith('.service.ts') ? uncommentedFunctionsOf(source) : []))).toEqual([]);
});
