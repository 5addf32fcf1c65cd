/** Where the tenants of the matrix stand, seen from the provider that its callers belong to. */
export const relations = ['own', 'neighbour', 'child', 'sibling', 'parent', 'root', 'foreign'] as const;
export type Relation = (typeof relations)[number];

/**
 * What a tenant has that an id can name, and to whom it belongs. `FACE` is what an organization's people see of the
 * provider that serves them.
 */
export const levels = {
  ServiceProvider: 'FACE',
  CustomRole: 'PROVIDER',
  TrustedIssuer: 'PROVIDER',
  Delegation: 'PROVIDER',
  BulkOperation: 'PROVIDER',
  Import: 'PROVIDER',
  OrganizationGroup: 'PROVIDER',
  WebhookEndpoint: 'PROVIDER',
  RotationPolicy: 'PROVIDER',
  MailRecipient: 'PROVIDER',
  ProviderStaff: 'PROVIDER',
  ProviderAccount: 'PROVIDER',
  ProviderAccountSecret: 'PROVIDER',
  ProviderAuditEvent: 'PROVIDER',
  Organization: 'ORGANIZATION',
  Subscription: 'ORGANIZATION',
  ApiKey: 'ORGANIZATION',
  AuthorizationServer: 'ORGANIZATION',
  ApiSession: 'ORGANIZATION',
  AuditEvent: 'ORGANIZATION',
  OrganizationStaff: 'ORGANIZATION',
  OrganizationAccount: 'ORGANIZATION',
  OrganizationAccountSecret: 'ORGANIZATION',
} as const;
export type Thing = keyof typeof levels;
export type Level = (typeof levels)[Thing];

export const things = Object.keys(levels) as Thing[];

/** A tenant as requests name it. */
export interface Target {
  readonly relation: Relation | 'missing';
  /** Global ids. */
  readonly ids: Readonly<Record<Thing, string>>;
  readonly words: Readonly<Record<Word, string>>;
}
export const wordsOfTargets = [
  'organizationName',
  'providerName',
  'fingerprint',
  'organizationUsername',
  'providerUsername',
] as const;
export type Word = (typeof wordsOfTargets)[number];

/** The neighbour is another organization of the caller's own provider: what the provider has is asked for as its own. */
export function isAskedFor(relation: Relation, thing: Thing): boolean {
  return relation !== 'neighbour' || levels[thing] === 'ORGANIZATION';
}

/** Where a caller stands: a delegate has been lent the organizations `own` and `child`. */
export type Standing = 'PLATFORM' | 'PROVIDER' | 'ORGANIZATION' | 'DELEGATE';

/** The promise of DOMAIN.md, "Who may do what", said once more and in other words than the program's. */
export function isInSight(standing: Standing, relation: Relation | 'missing', level: Level): boolean {
  switch (standing) {
    case 'PLATFORM':
      return relation !== 'missing';
    case 'PROVIDER':
      return relation === 'own' || relation === 'neighbour' || relation === 'child';
    case 'ORGANIZATION':
      return relation === 'own' && level !== 'PROVIDER';
    case 'DELEGATE':
      return (relation === 'own' || relation === 'child') && level !== 'PROVIDER';
  }
}
