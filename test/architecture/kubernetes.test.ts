import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readConfig, settingNames } from '../../src/config.ts';
import { type Container, type Manifest, readManifests } from '../support/manifests.ts';

const FOLDER = 'ops/kubernetes';
/** After the stop delay: requests and runs that are under way. */
const LONGEST_DRAIN_SECONDS = 35;

const all = await readManifests(FOLDER);
const objects = all.filter(([file]) => file !== 'kustomization.yaml').map(([, manifest]) => manifest);
const only = (kind: string, name?: string): Manifest => {
  const [found] = objects.filter((each) => each.kind === kind && (name === undefined || each.metadata.name === name));
  if (found === undefined) throw new Error(`there is no ${kind} ${name ?? ''}`);
  return found;
};
const settings = only('ConfigMap').data ?? {};
const secret = only('Secret').stringData ?? {};
const deployments = objects.filter(({ kind }) => kind === 'Deployment');
const podOf = ({ spec }: Manifest) => {
  if (spec?.template === undefined) throw new Error('no pod');
  return spec.template.spec;
};
const containersOf = (manifest: Manifest): readonly Container[] => {
  const { initContainers, containers } = podOf(manifest);
  return [...initContainers, ...containers];
};
const modelOf = ({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>) =>
  `kubernetes-models/${apiVersion}/${kind}`;

test('every object is valid by the schema of Kubernetes', async () => {
  for (const object of objects) {
    const module = (await import(modelOf(object))) as Record<string, new (data: object) => { validate(): void }>;
    const Model = module[object.kind];
    if (Model === undefined) throw new Error(`${object.kind} is unknown`);
    expect(() => new Model(object).validate()).not.toThrow();
  }
});

test('no object has a field that Kubernetes does not know', async () => {
  await mkdir('.cache', { recursive: true });
  const folder = await mkdtemp(join(process.cwd(), '.cache', 'manifests-'));
  try {
    const lines = objects.flatMap(({ apiVersion, kind, ...fields }, index) => [
      `import { ${kind} as Kind${index} } from '${modelOf({ apiVersion, kind })}';`,
      `new Kind${index}(${JSON.stringify(fields)});`,
    ]);
    await writeFile(join(folder, 'manifests.ts'), lines.join('\n'));
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--ignoreConfig',
      '--module',
      'nodenext',
      '--target',
      'esnext',
    ];
    const tsc = ['node_modules/typescript/bin/tsc', ...options, join(folder, 'manifests.ts')];
    const { stdout } = await promisify(execFile)(process.execPath, tsc).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('the kustomization names every file but the example', () => {
  const [, kustomization] = all.find(([file]) => file === 'kustomization.yaml') ?? [];
  const files = new Set(all.map(([file]) => file).filter((file) => !/^(kustomization|secret\.example)/.test(file)));
  expect(new Set(kustomization?.resources)).toEqual(files);
});

test('every process is given settings that there are, and that are right', () => {
  expect(Object.keys(settings).filter((name) => !settingNames.includes(name))).toEqual([]);
  for (const container of deployments.flatMap(containersOf)) {
    const environment: Record<string, string> = { NODE_ENV: 'production', ...settings };
    for (const { name, value, valueFrom } of container.env) {
      expect(settingNames).toContain(name);
      const key = valueFrom?.secretKeyRef.key;
      if (key !== undefined) expect(Object.keys(secret)).toContain(key);
      // The file is there in a pod only.
      if (!name.endsWith('_FILE')) environment[name] = value ?? secret[key ?? ''] ?? '';
    }
    expect(readConfig(environment)).toMatchObject({ preparedStatements: false, database: { kind: 'EXTERNAL' } });
  }
});

test('the key encryption key can be replaced: every process has a place for the other one, and starts without it', () => {
  for (const { env } of deployments.flatMap(containersOf)) {
    const { valueFrom } = env.find(({ name }) => name === 'KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY') ?? {};
    expect(valueFrom?.secretKeyRef).toMatchObject({ key: 'previous-key-encryption-key', optional: true });
  }
});

test('probes and ports are those of the server', () => {
  expect(deployments.map((each) => each.metadata.name).sort()).toEqual(['keyward-api', 'keyward-worker']);
  for (const deployment of deployments) {
    const [server] = podOf(deployment).containers;
    expect(server?.livenessProbe?.httpGet).toEqual({ path: '/healthz', port: 'http' });
    expect(server?.readinessProbe?.httpGet).toEqual({ path: '/readyz', port: 'http' });
    expect(server?.startupProbe?.httpGet).toEqual({ path: '/readyz', port: 'http' });
    const ports = Object.fromEntries((server?.ports ?? []).map(({ name, containerPort }) => [name, containerPort]));
    expect(ports).toEqual({ http: readConfig({}).port, metrics: Number(settings['KEYWARD_METRICS_PORT']) });
    const role = deployment.metadata.name.replace('keyward-', '');
    expect(server?.command).toEqual(['node', 'bin/keyward.mjs', 'serve', '--role', role]);
    expect(deployment.spec?.replicas).toBeGreaterThan(1);
  }
});

test('a pod that ends is out of the way before it stops, and has the time to stop', () => {
  const delaySeconds = Number(settings['KEYWARD_STOP_DELAY_SECONDS']);
  for (const deployment of deployments) {
    const { containers, terminationGracePeriodSeconds } = podOf(deployment);
    expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(delaySeconds + LONGEST_DRAIN_SECONDS);
    const probe = containers[0]?.readinessProbe;
    const noticedAfter = (probe?.periodSeconds ?? 99) * (probe?.failureThreshold ?? 99);
    expect(noticedAfter).toBeLessThan(delaySeconds);
  }
});

test('no container may write, gain rights, or be root', () => {
  for (const deployment of deployments) {
    expect(podOf(deployment).securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const { securityContext } of containersOf(deployment)) {
      expect(securityContext).toEqual({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      });
    }
  }
});

test('whatever selects pods selects some', () => {
  const labels = deployments.map(({ spec }) => spec?.template?.metadata.labels ?? {});
  for (const { kind, metadata, spec } of objects) {
    const wanted = spec?.podSelector?.matchLabels ?? spec?.selector?.matchLabels ?? spec?.selector ?? null;
    if (wanted === null) continue;
    const selects = labels.some((own) => Object.entries(wanted).every(([name, value]) => own[name] === value));
    expect(selects, `${kind} ${metadata.name}`).toBe(true);
  }
});
