import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { ApiKeyResolver, OrganizationApiKeyResolver } from '../api-key/api-key.resolver.ts';
import { AuditResolver } from '../audit/audit.resolver.ts';
import { FleetResolver, ServiceProviderFleetResolver } from '../fleet/fleet.resolver.ts';
import { ViewerResolver } from '../identity/viewer.resolver.ts';
import { OrganizationResolver } from '../organization/organization.resolver.ts';
import { ServiceProviderResolver } from '../service-provider/service-provider.resolver.ts';
import { SubscriptionResolver } from '../subscription/subscription.resolver.ts';
import { NodeResolver } from './node.resolver.ts';

/** What a resolver gets is checked by the rules: type-graphql's own validation stays off. */
export function createSchema(): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [
      ApiKeyResolver,
      AuditResolver,
      FleetResolver,
      NodeResolver,
      OrganizationApiKeyResolver,
      OrganizationResolver,
      ServiceProviderFleetResolver,
      ServiceProviderResolver,
      SubscriptionResolver,
      ViewerResolver,
    ],
    validate: false,
  });
}
