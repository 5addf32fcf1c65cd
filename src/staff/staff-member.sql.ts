/** A staff member as the rules take it, of a row named `m`. */
export const staffMemberColumns = `m.root_provider_id as "rootProviderId", m.id, m.provider_id as "providerId",
  m.provider_path as "providerPath", m.organization_id as "organizationId", m.username,
  m.display_name as "displayName", m.role, m.custom_role_id as "customRoleId", m.custom_role_name as "customRoleName",
  m.custom_permissions as "customPermissions", m.trusted_issuer_id as "trustedIssuerId",
  m.password_must_change as "passwordMustChange", m.session_epoch as "sessionEpoch", m.created_at as "createdAt",
  m.last_login_at as "lastLoginAt", m.deactivated_at as "deactivatedAt"`;
