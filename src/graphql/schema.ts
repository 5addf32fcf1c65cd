import 'reflect-metadata';
import { type GraphQLSchema, isObjectType } from 'graphql';
import { buildSchemaSync, getMetadataStorage } from 'type-graphql';
import { ApiKeyPayloadResolver, ApiKeyResolver, OrganizationApiKeyResolver } from '../api-key/api-key.resolver.ts';
import { ApiKeyDriftResolver, ApiKeyGroupResolver } from '../api-key-group/api-key-group.resolver.ts';
import { ApiSessionResolver } from '../api-session/api-session.resolver.ts';
import { AuditResolver } from '../audit/audit.resolver.ts';
import { PasswordResolver } from '../authentication/password.resolver.ts';
import { AuthorizationServerResolver } from '../authorization-server/authorization-server.resolver.ts';
import { ApprovalResolver } from '../bulk-operation/approval.resolver.ts';
import { BulkCommandsResolver } from '../bulk-operation/bulk-commands.resolver.ts';
import {
  BulkOperationPayloadResolver,
  BulkOperationResolver,
  BulkResultResolver,
  SyncApiKeyPayloadResolver,
} from '../bulk-operation/bulk-operation.resolver.ts';
import { DelegationResolver } from '../delegation/delegation.resolver.ts';
import { EventBatchType } from '../events/event.type.ts';
import { EventTypeResolver } from '../events/event-type.resolver.ts';
import { FleetResolver, ServiceProviderFleetResolver } from '../fleet/fleet.resolver.ts';
import { FleetSummaryResolver } from '../fleet/fleet-summary.resolver.ts';
import { MailRecipientResolver } from '../mail/mail-recipient.resolver.ts';
import { OrganizationResolver } from '../organization/organization.resolver.ts';
import { OrganizationGroupResolver } from '../organization-group/organization-group.resolver.ts';
import { KeyRotationResolver } from '../rotation/key-rotation.resolver.ts';
import { RotationPolicyResolver } from '../rotation/rotation-policy.resolver.ts';
import { ServiceAccountResolver } from '../service-account/service-account.resolver.ts';
import { ServiceProviderResolver } from '../service-provider/service-provider.resolver.ts';
import { TrustedIssuerResolver } from '../single-sign-on/trusted-issuer.resolver.ts';
import { CustomRoleResolver } from '../staff/custom-role.resolver.ts';
import { StaffCommandResolver } from '../staff/staff-command.resolver.ts';
import { StaffMemberResolver } from '../staff/staff-member.resolver.ts';
import { SubscriptionPayloadResolver, SubscriptionResolver } from '../subscription/subscription.resolver.ts';
import { ApiKeyUsageResolver, UsageResolver } from '../usage/usage.resolver.ts';
import { ViewerResolver } from '../viewer/viewer.resolver.ts';
import { ReplayWebhookResolver } from '../webhook/replay-webhook.resolver.ts';
import { WebhookEndpointResolver } from '../webhook/webhook-endpoint.resolver.ts';
import { NodeResolver } from './node.resolver.ts';
import { withStreams } from './streams.ts';

let built: GraphQLSchema | undefined;

/** The schema of the program, built once in a process. */
export function programSchema(): GraphQLSchema {
  built ??= buildProgramSchema();
  return built;
}

/** What a resolver gets is checked by the rules: type-graphql's own validation stays off. */
function buildProgramSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      ApiKeyDriftResolver,
      ApiKeyGroupResolver,
      ApiKeyPayloadResolver,
      ApiKeyResolver,
      ApiKeyUsageResolver,
      ApiSessionResolver,
      ApprovalResolver,
      AuditResolver,
      AuthorizationServerResolver,
      BulkCommandsResolver,
      BulkOperationPayloadResolver,
      BulkOperationResolver,
      BulkResultResolver,
      CustomRoleResolver,
      DelegationResolver,
      EventTypeResolver,
      FleetResolver,
      FleetSummaryResolver,
      KeyRotationResolver,
      NodeResolver,
      OrganizationApiKeyResolver,
      OrganizationGroupResolver,
      MailRecipientResolver,
      OrganizationResolver,
      PasswordResolver,
      ReplayWebhookResolver,
      RotationPolicyResolver,
      ServiceAccountResolver,
      ServiceProviderFleetResolver,
      ServiceProviderResolver,
      StaffCommandResolver,
      StaffMemberResolver,
      SubscriptionPayloadResolver,
      SubscriptionResolver,
      SyncApiKeyPayloadResolver,
      TrustedIssuerResolver,
      UsageResolver,
      ViewerResolver,
      WebhookEndpointResolver,
    ],
    orphanedTypes: [EventBatchType], // no query tells of it
    validate: false,
  });
  readGettersDirectly(schema);
  return withStreams(schema);
}

/** type-graphql wraps a getter in a resolver of its own; without it the executor reads the same property, much faster. */
function readGettersDirectly(schema: GraphQLSchema): void {
  for (const { name, target } of getMetadataStorage().objectTypes) {
    const type = schema.getType(name);
    if (!isObjectType(type) || typeof target !== 'function') continue;
    for (const field of Object.values(type.getFields())) {
      if (isGetter(target.prototype, field.name)) delete field.resolve;
    }
  }
}

function isGetter(prototype: object | null, name: string): boolean {
  if (prototype === null) return false;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  return descriptor === undefined ? isGetter(Object.getPrototypeOf(prototype), name) : descriptor.get !== undefined;
}
