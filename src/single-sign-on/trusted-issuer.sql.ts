/** A trusted issuer as the repositories read it, of a row named `i`. */
export const trustedIssuerColumns = `i.root_provider_id as "rootProviderId", i.id, i.provider_id as "providerId",
  i.provider_path as "providerPath", null as "organizationId", i.name, i.issuer, i.audience, i.client_id as "clientId",
  i.client_secret as ciphertext, i.data_key_version as "dataKeyVersion", i.role_claim as "roleClaim",
  i.role_mapping as "roleMapping", i.domains, i.created_at as "createdAt", i.disabled_at as "disabledAt"`;
