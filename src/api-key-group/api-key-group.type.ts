import { Field, Int, ObjectType } from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { ServiceProviderType } from '../service-provider/service-provider.type.ts';
import type { ApiKeyDrift, ApiKeyGroup } from './api-key-group.ts';

@ObjectType('ApiKeyGroup', {
  simpleResolvers: true,
  description: 'Organizations in sight whose CLOUD_SERVICE slots hold the same string.',
})
export class ApiKeyGroupType {
  readonly group: ApiKeyGroup;
  /** Only organizations of this provider and below it were counted. */
  readonly serviceProvider: ServiceProviderRef | null;

  constructor(group: ApiKeyGroup, serviceProvider: ServiceProviderRef | null) {
    this.group = group;
    this.serviceProvider = serviceProvider;
  }

  @Field(() => String)
  get fingerprint(): string {
    return this.group.fingerprint;
  }

  @Field(() => Int)
  get organizationCount(): number {
    return this.group.organizationCount;
  }
}

export const ApiKeyGroupConnection = connectionType('ApiKeyGroup', () => ApiKeyGroupType);

@ObjectType('ApiKeyDrift', {
  simpleResolvers: true,
  description: "Which organizations of a provider and the resellers below it are not on the largest group's string.",
})
export class ApiKeyDriftType {
  readonly drift: ApiKeyDrift;

  constructor(drift: ApiKeyDrift) {
    this.drift = drift;
  }

  @Field(() => ServiceProviderType)
  get serviceProvider(): ServiceProviderType {
    return new ServiceProviderType(this.drift.serviceProvider);
  }

  @Field(() => ApiKeyGroupType, { nullable: true, description: 'Null while no two organizations share a string.' })
  get largestGroup(): ApiKeyGroupType | null {
    const { largestGroup, serviceProvider } = this.drift;
    if (largestGroup === null) return null;
    const { rootProviderId, id: serviceProviderId } = serviceProvider;
    return new ApiKeyGroupType(largestGroup, { rootProviderId, serviceProviderId });
  }

  @Field(() => Int, { description: "How many hold another string than the largest group's." })
  get driftedCount(): number {
    return this.drift.driftedCount;
  }

  @Field(() => Int, { description: 'How many hold no string: they have not drifted.' })
  get emptyCount(): number {
    return this.drift.emptyCount;
  }
}
