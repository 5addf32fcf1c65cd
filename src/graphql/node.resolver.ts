import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { findApiKeyType } from '../api-key/api-key.resolver.ts';
import { findApiSessionType } from '../api-session/api-session.resolver.ts';
import { AuditEventType } from '../audit/audit-event.type.ts';
import { findAuditEvent } from '../audit/list-audit-events.ts';
import { findAuthorizationServerType } from '../authorization-server/authorization-server.resolver.ts';
import { findBulkOperationType } from '../bulk-operation/bulk-operation.resolver.ts';
import { findDelegationType } from '../delegation/delegation.resolver.ts';
import type { ActorId, Id, StaffMemberId } from '../ids.ts';
import { findMailRecipientType } from '../mail/mail-recipient.resolver.ts';
import { findOrganizationType } from '../organization/organization.resolver.ts';
import { findOrganizationGroupType } from '../organization-group/organization-group.resolver.ts';
import { findRotationPolicyType } from '../rotation/rotation-policy.resolver.ts';
import { findServiceAccountSecretType, findServiceAccountType } from '../service-account/service-account.resolver.ts';
import { findProviderType } from '../service-provider/service-provider.resolver.ts';
import { findTrustedIssuerType } from '../single-sign-on/trusted-issuer.resolver.ts';
import { findCustomRoleType } from '../staff/custom-role.resolver.ts';
import { findStaffMemberType } from '../staff/staff-member.resolver.ts';
import { lookUpSubscription } from '../subscription/subscription.service.ts';
import { SubscriptionType } from '../subscription/subscription.type.ts';
import { findWebhookEndpointType } from '../webhook/webhook-endpoint.resolver.ts';
import { apiKeyRefOf, type DecodedId, decodeGlobalId } from './global-id.ts';
import type { GraphQLContext } from './graphql-context.ts';
import { Node } from './node.type.ts';

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description: 'Whatever has this global id; null when it does not exist or is out of sight.',
  })
  async node(@Arg('id', () => ID) id: string, @Ctx() ctx: GraphQLContext): Promise<Node | null> {
    const decoded = decodeGlobalId(id);
    return decoded === null ? null : findNode(ctx, decoded);
  }
}

async function findNode(ctx: GraphQLContext, decoded: DecodedId): Promise<Node | null> {
  const { type, rootProviderId, id } = decoded;
  switch (type) {
    case 'ServiceProvider':
      return findProviderType(ctx, { rootProviderId, serviceProviderId: id as Id<'ServiceProvider'> });
    case 'Organization':
      return findOrganizationType(ctx, { rootProviderId, organizationId: id as Id<'Organization'> });
    case 'OrganizationGroup':
      return findOrganizationGroupType(ctx, { rootProviderId, organizationGroupId: id as Id<'OrganizationGroup'> });
    case 'Subscription': {
      const row = await lookUpSubscription(ctx, { rootProviderId, subscriptionId: id });
      return row === null ? null : new SubscriptionType(row, ctx.now);
    }
    case 'ApiKey': {
      const ref = apiKeyRefOf(decoded);
      const organization = ref === null ? null : await ctx.loaders.organization.load(ref);
      return ref === null || organization === null ? null : findApiKeyType(ctx, ref);
    }
    case 'AuditEvent': {
      const event = await findAuditEvent(ctx, rootProviderId, id);
      return event === null ? null : new AuditEventType(event);
    }
    case 'Delegation':
      return findDelegationType(ctx, { rootProviderId, delegationId: id as Id<'Delegation'> });
    case 'BulkOperation':
      return findBulkOperationType(ctx, { rootProviderId, bulkOperationId: id as Id<'BulkOperation'> });
    case 'Actor':
      return (await findStaffMemberType(ctx, id as StaffMemberId)) ?? findServiceAccountType(ctx, id as ActorId);
    case 'ServiceAccountSecret':
      return findServiceAccountSecretType(ctx, { rootProviderId, secretId: id as Id<'ServiceAccountSecret'> });
    case 'CustomRole':
      return findCustomRoleType(ctx, { rootProviderId, customRoleId: id as Id<'CustomRole'> });
    case 'ApiSession':
      return findApiSessionType(ctx, { rootProviderId, apiSessionId: id as Id<'ApiSession'> });
    case 'AuthorizationServer':
      return findAuthorizationServerType(ctx, {
        rootProviderId,
        authorizationServerId: id as Id<'AuthorizationServer'>,
      });
    case 'TrustedIssuer':
      return findTrustedIssuerType(ctx, { rootProviderId, trustedIssuerId: id as Id<'TrustedIssuer'> });
    case 'RotationPolicy':
      return findRotationPolicyType(ctx, { rootProviderId, rotationPolicyId: id as Id<'RotationPolicy'> });
    case 'WebhookEndpoint':
      return findWebhookEndpointType(ctx, { rootProviderId, webhookEndpointId: id as Id<'WebhookEndpoint'> });
    case 'MailRecipient':
      return findMailRecipientType(ctx, { rootProviderId, mailRecipientId: id as Id<'MailRecipient'> });
  }
}
