import { encodeGlobalId } from '../../../src/graphql/global-id.ts';
import { startWaiting } from '../../support/approvals.ts';
import type { Client } from '../../support/graphql-client.ts';
import { organizationId, providerId } from '../../support/graphql-world.ts';
import type { KeyWorld, Person } from '../../support/key-world.ts';

export interface Setting {
  readonly world: KeyWorld;
  readonly signIn: (person: Person) => Promise<Client>;
  /** Of an identity provider that answers. */
  readonly issuer: string;
}

export type Input = Readonly<Record<string, unknown>>;

export interface Case {
  /** Input of the reseller's administrator that is right in every field; a test spoils one of them. */
  readonly input: (setting: Setting) => Input | Promise<Input>;
  /** Brings the tenants where the right input would succeed. */
  readonly arrange?: (world: KeyWorld) => Promise<void>;
  /** By field: names of bad values that this one takes all the same, because there is a meaning to them. */
  readonly taken?: Readonly<Record<string, RegExp>>;
}

const YEAR = 365 * 24 * 3600 * 1000;
export const inYears = (years: number) => new Date(Date.now() + years * YEAR).toISOString();
export const target = ({ world }: Setting) => ({ organizationId: organizationId(world.organization) });
export const slot = (setting: Setting) => ({ ...target(setting), kind: 'CLOUD_SERVICE' });
export const atReseller = ({ world }: Setting) => ({ serviceProviderId: providerId(world.tenants.reseller) });
export const fleet = ({ world }: Setting) => ({ organizationIds: [organizationId(world.organization)] });
export const BLANK = /^text "(\\n| )?"$/;

/** What names nothing is refused on its own, in the results: the operation was started. */
export const UNKNOWN_EACH = { organizationIds: /^wrong type \["Zq3/ };

/** Sends a mutation that has to succeed. @returns what stands at `path` of its payload */
export async function make(client: Client, name: string, input: Input, path: string): Promise<string> {
  const inputType = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  const selection = path
    .split('.')
    .reduceRight((inner, step) => `{ ${step} ${inner} }`, '')
    .slice(1, -1);
  const document = `mutation ($input: ${inputType}) { ${name}(input: $input) { ${selection} userErrors { code } } }`;
  const answer = await client.query(document, { input });
  const made = answer.at(`${name}.${path}`);
  if (typeof made !== 'string') throw new Error(`${name}: ${answer.text}`);
  return made;
}

/** What somebody else of the reseller started. */
export async function waiting({ world }: Setting): Promise<Input> {
  const { rootProviderId, bulkOperationId } = await startWaiting(world, [world.organization]);
  return { bulkOperationId: encodeGlobalId('BulkOperation', rootProviderId, bulkOperationId) };
}
