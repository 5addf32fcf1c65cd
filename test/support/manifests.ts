import { readdir, readFile } from 'node:fs/promises';
import { parse, parseAllDocuments } from 'yaml';

export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold: number;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: SecretRef }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

interface SecretRef {
  readonly secretKeyRef: { readonly name: string; readonly key: string };
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly resources?: readonly string[];
  readonly spec?: {
    readonly replicas?: number;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: Readonly<Record<string, unknown>>;
        readonly initContainers: readonly Container[];
        readonly containers: readonly Container[];
      };
    };
  };
}

/** Every object beneath the folder, with the name of its file. */
export async function readManifests(folder: string): Promise<readonly (readonly [file: string, Manifest])[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml'));
  const read = files.map(async (file) => {
    const documents = parseAllDocuments(await readFile(`${folder}/${file}`, 'utf8'), { version: '1.1' });
    return documents.map((document) => [file, document.toJS() as Manifest] as const);
  });
  return (await Promise.all(read)).flat();
}

export interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly pull_policy?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly networks: readonly string[];
  readonly ports?: readonly string[];
  readonly read_only: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt: readonly string[];
  readonly stop_grace_period?: string;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
}

/** @param settings what `${NAME}` stands for; without one, an error where the file asks for it */
export function parseCompose(text: string, settings: Readonly<Record<string, string>>): ComposeFile {
  const filled = (value: string) =>
    value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind = '-', fallback = '') => {
      const given = settings[name] ?? '';
      if (given === '' && kind === '?') throw new Error(`${name}: ${fallback}`);
      return given === '' ? fallback : given;
    });
  const parsed: unknown = parse(text, { merge: true });
  return JSON.parse(JSON.stringify(parsed, (_, value) => (typeof value === 'string' ? filled(value) : value)));
}
