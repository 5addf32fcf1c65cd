/**
 * What the rules find and we live with for now, each with the change that ends it. The list is exact: a new breach fails
 * the test, and so does an entry whose breach is gone.
 */
export const knownBreaches: readonly string[] = [
  // A service function `findSubscription(ctx, ref)`, or a loader, in between.
  'faces-know-no-sql: src/graphql/node.resolver.ts -> src/subscription/subscription.repository.ts',
  // Take `Pick<Services, 'database'>` of context.ts.
  'faces-know-no-sql: src/http/health.route.ts -> src/database/database.ts',
  // What it does is a service's work: start-subscriptions.service.ts, called by worker.ts.
  'faces-know-no-sql: src/subscription/subscription.worker.ts -> src/audit/record-audit.ts',
  'faces-know-no-sql: src/subscription/subscription.worker.ts -> src/organization/organization.repository.ts',
  'faces-know-no-sql: src/subscription/subscription.worker.ts -> src/subscription/subscription.repository.ts',
  // Declare MigrationFile in prisma-migration-engine.ts.
  'no-cycles: src/database/migrate.ts -> src/database/prisma-migration-engine.ts -> src/database/migrate.ts',
  // Move parseKey beside it, to secrets/key-encryption-key.ts.
  'only-the-wiring-is-configured: src/secrets/local-key-file.ts -> src/config.ts',
  // Move the list of columns to service-provider.sql.ts.
  'repositories-know-rules-and-tx-only: src/service-provider/service-provider-list.repository.ts -> src/service-provider/service-provider.repository.ts',
  // Move the type StaffMember to a rule, staff-member.ts.
  'rules-are-pure: src/identity/staff-actor.ts -> src/identity/staff-member.repository.ts',
];
