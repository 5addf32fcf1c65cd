import 'reflect-metadata';
import { type GraphQLSchema, isObjectType } from 'graphql';
import { buildSchemaSync, getMetadataStorage } from 'type-graphql';
import { ApiKeyPayloadResolver, ApiKeyResolver, OrganizationApiKeyResolver } from '../api-key/api-key.resolver.ts';
import { AuditResolver } from '../audit/audit.resolver.ts';
import { FleetResolver, ServiceProviderFleetResolver } from '../fleet/fleet.resolver.ts';
import { OrganizationResolver } from '../organization/organization.resolver.ts';
import { ServiceProviderResolver } from '../service-provider/service-provider.resolver.ts';
import { SubscriptionPayloadResolver, SubscriptionResolver } from '../subscription/subscription.resolver.ts';
import { ViewerResolver } from '../viewer/viewer.resolver.ts';
import { NodeResolver } from './node.resolver.ts';

/** What a resolver gets is checked by the rules: type-graphql's own validation stays off. */
export function createSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      ApiKeyPayloadResolver,
      ApiKeyResolver,
      AuditResolver,
      FleetResolver,
      NodeResolver,
      OrganizationApiKeyResolver,
      OrganizationResolver,
      ServiceProviderFleetResolver,
      ServiceProviderResolver,
      SubscriptionPayloadResolver,
      SubscriptionResolver,
      ViewerResolver,
    ],
    validate: false,
  });
  readGettersDirectly(schema);
  return schema;
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
