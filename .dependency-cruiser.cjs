// Who may import whom: the table "One mutation, one direction" of the architecture, as rules for dependency-cruiser.
// test/architecture/architecture.test.ts runs them; paths are those of the sources, such as src/api-key/api-key.ts.
// Imports of types count as well: what a file knows by name, it depends on.

/** Puts the parts together; imported by nobody else. */
const wiring = '^src/(server|cli|doctor|installation|serve|processes|worker|scheduled-jobs)[.]ts';
const seed = '^src/seed/';

/** What clients and the clock see: unpacks, calls one service function, maps. */
const face = '[.](resolver|type|input|route|worker)[.]ts';
const graphql = '^src/graphql/';
/** Look-ups by id, batched: what a service is to commands, these are to fields of GraphQL types. */
const loaders = '^src/graphql/loaders[.]ts';

const service = '[.]service[.]ts';
/**
 * Parts of services in files of their own, named by their verb: they have I/O and take `ctx` or `tx`. Everything else
 * without a suffix is a rule. A new name in these lists is a decision, not a convenience.
 */
const stepsOfFeatures = [
  '^src/api-key/(run-key-command|provision-key|key-material|disable-slots|note-first-use|note-without-keys)[.]ts',
  '^src/service-provider/(list-service-providers|change-setting)[.]ts',
  '^src/api-session/(rate-limits|list-api-sessions|session-look)[.]ts',
  '^src/audit/(list-audit-events|audit-keys|checkpoint-file)[.]ts',
  '^src/service-account/list-service-accounts[.]ts',
  '^src/fleet/resolve-filter[.]ts',
  '^src/api-key-group/take-key-string[.]ts',
  '^src/organization-group/(list-organization-groups|find-members|refuse-key-string|store-filter)[.]ts',
  '^src/staff/(list-staff-members|list-roles|find-place|find-role)[.]ts',
  '^src/key-rotation/reseal-root[.]ts',
  '^src/organization-file/(create-organizations|decide-rows|import-run|finish-import)[.]ts',
  '^src/organization-file/(assess-rows|write-all-rows|write-next-rows)[.]ts',
  '^src/bulk-operation/([a-z-]+-action|start-operation|run-bulk-command|run-operation-command|run-items|run-all-or-nothing|finish-operation|dry-run-first|as-checked|read-string-again)[.]ts',
  '^src/single-sign-on/(admit-person|answered-attempts|discover-issuer|discovery-refusal|find-mapping|issuer-client)[.]ts',
  '^src/authorization-server/(key-set-refusal|look-up-authorization-server|run-server-command|verify-access-token)[.]ts',
  '^src/gateway/(know-gateway|read-facts|run-batch|settle-exceeding)[.]ts',
  '^src/webhook/(list-webhook-endpoints|find-chosen-organizations|run-endpoint-command|settle-attempt|post-webhook)[.]ts',
  '^src/mail/(list-mail-recipients|run-recipient-command)[.]ts',
  '^src/single-sign-on/(list-trusted-issuers|seal-attempt|write-issuer)[.]ts',
  '^src/rotation/(list-rotation-policies|look-up-rotations|policy-place)[.]ts',
];
/** The same, for every service: audit, idempotency, identity, keys. */
const stepsOfAll = [
  '^src/audit/(record-audit|refused-reads)[.]ts',
  '^src/each-alone[.]ts',
  '^src/command/(ask-first|run-command)[.]ts',
  '^src/authentication/(authenticate|access-token|signing-keys|begin-session)[.]ts',
  '^src/staff/(create-platform-admin|run-staff-command)[.]ts',
  '^src/authentication/(prove-password|sign-in-limit|attempts-under-way|rate-limiter|request-budget)[.]ts',
  '^src/secrets/(key-ring|local-key-file)[.]ts',
  '^src/single-sign-on/authenticate-external[.]ts',
  '^src/outbound/(outbound-fetch|published-keys)[.]ts',
  '^src/mail/mailer[.]ts',
];
const serviceSteps = [...stepsOfFeatures, ...stepsOfAll];

/** SQL. A `.sql` file holds fragments that several repositories share. */
const repository = '[.]repository[.]ts';
const sql = '[.]sql[.]ts';

const database = '^src/database/';
/** Says whose eyes a transaction has: a word of the domain that every layer speaks. */
const scope = '^src/database/scope[.]ts';
/** What a repository is made of; `transaction` names unique violations for the services. */
const databaseDoor = '^src/database/(database|statement|scope)[.]ts';

const http = '^src/http/';
/** What is being done, for the log and for traces: known to whatever has I/O. */
const watching = '^src/watching/';
const generated = '^src/generated/';
const ambient = '^src/(config|log|context)[.]ts';

const suffixed = '[.](resolver|type|input|route|worker|service|repository|sql)[.]ts';
/** No suffix, and none of the folders and files above: pure. */
const rule = {
  path: '^src/',
  pathNot: [wiring, seed, suffixed, graphql, http, database, watching, ambient, generated, ...serviceSteps],
};

module.exports = {
  stepsOfFeatures,
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'No file depends on itself, not even by its types: move what both need into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'rules-are-pure',
      comment:
        'A file without a suffix is a rule: it imports other rules and errors.ts, no service, SQL, GraphQL or context.',
      severity: 'error',
      from: rule,
      to: { path: [suffixed, graphql, http, database, watching, ambient, seed, ...serviceSteps], pathNot: [scope] },
    },
    {
      name: 'repositories-know-rules-and-tx-only',
      comment: 'A repository imports Tx, statements, rule types and SQL fragments (.sql): SQL and nothing else.',
      severity: 'error',
      from: { path: [repository, sql], pathNot: seed },
      to: {
        path: [face, service, repository, graphql, http, database, ambient, seed, ...serviceSteps],
        pathNot: [databaseDoor],
      },
    },
    {
      name: 'services-know-no-face',
      comment: 'One direction: GraphQL, HTTP and workers call services, never the other way round.',
      severity: 'error',
      from: { path: [service, ...serviceSteps] },
      to: { path: [face, graphql, http, seed, '^src/log[.]ts'] },
    },
    {
      name: 'services-call-no-other-service',
      comment: "A service function is one transaction: use the other feature's repository, or a step that takes `tx`.",
      severity: 'error',
      from: { path: '^src/([^/]+)/.+', pathNot: [face, graphql, http, seed] },
      to: { path: service, pathNot: '^src/$1/' },
    },
    {
      name: 'faces-know-no-sql',
      comment:
        'Resolvers, types, inputs, routes and workers call a service or a loader: no repository, no database, no audit.',
      severity: 'error',
      from: { path: [face, graphql, http], pathNot: [loaders] },
      to: {
        path: [repository, sql, database, generated, '^src/audit/record-audit[.]ts', '^src/command/'],
        pathNot: [scope],
      },
    },
    {
      name: 'faces-stay-in-their-kind',
      comment: 'GraphQL knows nothing of HTTP and workers, and logs by its context.',
      severity: 'error',
      from: { path: [face, graphql], pathNot: [http, '[.]route[.]ts'] },
      to: { path: [http, '[.](route|worker)[.]ts', '^src/log[.]ts', seed] },
    },
    {
      name: 'the-foundation-knows-no-feature',
      comment: 'database/, secrets/ and watching/ stand below the features.',
      severity: 'error',
      from: { path: '^src/(database|secrets|watching)/' },
      to: {
        path: '^src/',
        pathNot: ['^src/(database|secrets|watching|generated)/', '^src/(ids|errors|setup-error)[.]ts'],
      },
    },
    {
      name: 'only-the-wiring-wires',
      comment:
        'server, cli, doctor, installation, serve, processes, worker and scheduled-jobs put the parts together: nothing imports them but each other.',
      severity: 'error',
      from: { pathNot: [wiring] },
      to: { path: wiring },
    },
    {
      name: 'only-the-wiring-makes-services',
      comment: 'Elsewhere Database, KeyRing and the embedded PostgreSQL come by argument: import their types only.',
      severity: 'error',
      from: { path: '^src/', pathNot: [wiring, '^src/(database|secrets)/'] },
      to: {
        path: [
          '^src/database/(?!scope|statement|transaction)',
          '^src/secrets/(key-ring|key-encryption-key|local-key-file)',
        ],
        dependencyTypesNot: ['export'],
      },
    },
    {
      name: 'only-the-wiring-is-configured',
      comment: 'config.ts reads the environment for the wiring, which passes on what each part needs.',
      severity: 'error',
      from: { pathNot: [wiring] },
      to: { path: '^src/config[.]ts' },
    },
    {
      name: 'only-the-wiring-seeds',
      comment: 'The demo fleet is for the command line and the first start.',
      severity: 'error',
      from: { pathNot: [wiring, seed] },
      to: { path: seed },
    },
  ],
};
