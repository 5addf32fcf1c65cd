import { expect, test } from 'vitest';
import { createStaff, createTenants, createTestOrganization } from '../support/fixtures.ts';
import { connect } from '../support/graphql-client.ts';
import { startTestServer } from '../support/test-installation.ts';
import { openTestInstallation } from '../support/test-installation.ts';

test('list', async () => {
  await using server = await startTestServer();
  const { platformAdmin, root } = await createTenants(server.services);
  const org = await createTestOrganization(server.services, platformAdmin, root);
  const admin = await createStaff(server.services, 'PROVIDER_ADMIN', root);
  const client = await connect(server.url, admin);
  const a = await client.query(`{ viewer { id displayName role permissions serviceProvider { name parent { id } } } organizations(first: 10) { totalCount pageInfo { endCursor hasNextPage } edges { cursor } nodes { id name baseUrl serviceProvider { name resellers { nodes { name } } } subscription { plan status endsAt } apiKey { id status exists maskedKey fingerprint version disablements { source } allowedActions lastModifiedBy { id displayName } } } } auditEvents { nodes { action result actor { displayName } before after organization { name } } totalCount } }`);
  console.log(JSON.stringify(JSON.parse(a.text), null, 1));
  const b = await client.query(`{ node(id: "${a.at('organizations.nodes.0.apiKey.id')}") { id ... on ApiKey { status } } serviceProviders { nodes { name organizations { totalCount nodes { name } } } } }`);
  console.log(b.text);
  console.log((await client.query(`mutation($i: EditApiKeyInput!) { editApiKey(input: $i) { userErrors { code } } }`, { i: { organizationId: 5, newKy: 'abcABC123456' } })).text);
  console.log(server.logLines.filter((l) => l.includes('"graphql"')).join(''));
});
