import type { Fields } from '../../../components/fields.ts';
import { roleInput } from '../../people/staff/role-select.tsx';
import { type MappedRole, NEW_MAPPING } from './role-mapping.tsx';
import type { TrustedIssuerCardFragment } from './single-sign-on.graphql.ts';

interface IssuerValues {
  readonly name: string;
  /** Null: the platform. */
  readonly serviceProviderId: string | null;
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly dropsSecret: boolean;
  readonly domains: string[];
  readonly roleClaim: string;
  readonly roleMapping: readonly MappedRole[];
}

/** What of a mapping the API may refuse, by its name; the values are in the mapping. */
export const mappingParts = { value: '', role: '', customRoleId: '' };

export type IssuerFields = Fields<IssuerValues & typeof mappingParts>;

/** Of a new one, those of the provider that its people are likely to be staff of. */
export function issuerValues(issuer: TrustedIssuerCardFragment | null, likelyProviderId: string | null) {
  return {
    name: issuer?.name ?? '',
    serviceProviderId: issuer === null ? likelyProviderId : (issuer.serviceProvider?.id ?? null),
    issuer: issuer?.issuer ?? '',
    audience: issuer?.audience ?? '',
    clientId: issuer?.clientId ?? '',
    clientSecret: '',
    dropsSecret: false,
    domains: [...(issuer?.domains ?? [])],
    roleClaim: issuer?.roleClaim ?? 'roles',
    roleMapping: issuer?.roleMapping ?? [NEW_MAPPING],
    ...mappingParts,
  };
}

/** As the API takes it, both of a new issuer and of one that is changed. */
export function issuerInput({ name, roleClaim, domains, roleMapping, ...client }: IssuerValues) {
  return {
    name,
    roleClaim,
    domains,
    roleMapping: roleMapping.map((each) => ({ value: each.value, ...roleInput(each) })),
    clientId: client.clientId === '' ? null : client.clientId,
    ...secretInput(client),
  };
}

/** Left out, the secret that there is stays. */
function secretInput({ clientSecret, dropsSecret }: Pick<IssuerValues, 'clientSecret' | 'dropsSecret'>) {
  if (clientSecret !== '') return { clientSecret };
  return dropsSecret ? { clientSecret: null } : {};
}
