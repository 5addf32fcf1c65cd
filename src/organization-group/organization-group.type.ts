import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ApiKeyStatus, DisablementSource } from '../api-key/api-key.ts';
import { ApiKeyStatusEnum, DisablementSourceEnum } from '../api-key/api-key.type.ts';
import type { RotationState } from '../api-key/key-age.ts';
import { RotationStateEnum } from '../api-key/key-age.type.ts';
import type { SavedFilter } from '../fleet/fleet.ts';
import { connectionType } from '../graphql/connection.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { enumOf } from '../graphql/enum.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import type { SubscriptionStatus } from '../subscription/subscription.ts';
import { SubscriptionStatusEnum } from '../subscription/subscription.type.ts';
import { type GroupKind, groupKinds, kindOf, type OrganizationGroup } from './organization-group.ts';

const OrganizationGroupKindEnum = enumOf(groupKinds);
registerEnumType(OrganizationGroupKindEnum, { name: 'OrganizationGroupKind' });

@ObjectType('OrganizationGroupFilter', {
  simpleResolvers: true,
  description: 'As `OrganizationFilter` takes it: what is null does not matter.',
})
export class OrganizationGroupFilterType {
  readonly #filter: SavedFilter;

  constructor(filter: SavedFilter) {
    this.#filter = filter;
  }

  @Field(() => String, { nullable: true })
  get search(): string | null {
    return this.#filter.search;
  }

  @Field(() => ID, { nullable: true })
  get serviceProviderId(): string | null {
    const { serviceProvider: ref } = this.#filter;
    return ref === null ? null : encodeGlobalId('ServiceProvider', ref.rootProviderId, ref.serviceProviderId);
  }

  @Field(() => [ApiKeyStatusEnum], { nullable: true })
  get apiKeyStatus(): readonly ApiKeyStatus[] | null {
    return this.#filter.apiKeyStatus;
  }

  @Field(() => [DisablementSourceEnum], { nullable: true })
  get disablementSource(): readonly DisablementSource[] | null {
    return this.#filter.disablementSource;
  }

  @Field(() => [SubscriptionStatusEnum], { nullable: true })
  get subscriptionStatus(): readonly SubscriptionStatus[] | null {
    return this.#filter.subscriptionStatus;
  }

  @Field(() => String, { nullable: true })
  get fingerprint(): string | null {
    return this.#filter.fingerprint;
  }

  @Field(() => String, { nullable: true })
  get fingerprintNot(): string | null {
    return this.#filter.fingerprintNot;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get subscriptionEndsBefore(): Date | null {
    return this.#filter.subscriptionEndsBefore;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get keyModifiedSince(): Date | null {
    return this.#filter.keyModifiedSince;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get keyModifiedBefore(): Date | null {
    return this.#filter.keyModifiedBefore;
  }

  @Field(() => Int, { nullable: true })
  get thresholdUsedPercentAtLeast(): number | null {
    return this.#filter.thresholdUsedPercentAtLeast;
  }

  @Field(() => [RotationStateEnum], { nullable: true })
  get rotation(): readonly RotationState[] | null {
    return this.#filter.rotation;
  }
}

@ObjectType('OrganizationGroup', {
  implements: Node,
  simpleResolvers: true,
  description: "Organizations of one provider's subtree under a name: a filter's `groupId`.",
})
export class OrganizationGroupType extends Node {
  readonly row: OrganizationGroup;

  constructor(row: OrganizationGroup) {
    super();
    this.row = row;
  }

  protected globalId(): string {
    return encodeGlobalId('OrganizationGroup', this.row.rootProviderId, this.row.id);
  }

  @Field(() => String)
  get name(): string {
    return this.row.name;
  }

  @Field(() => OrganizationGroupKindEnum)
  get kind(): GroupKind {
    return kindOf(this.row);
  }

  @Field(() => OrganizationGroupFilterType, { nullable: true, description: 'Null for a group by hand.' })
  get filter(): OrganizationGroupFilterType | null {
    return this.row.filter === null ? null : new OrganizationGroupFilterType(this.row.filter);
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => String)
  get createdByName(): string {
    return this.row.createdByName;
  }
}

export const OrganizationGroupConnection = connectionType('OrganizationGroup', () => OrganizationGroupType);

@ObjectType({ simpleResolvers: true })
export class OrganizationGroupPayload {
  @Field(() => OrganizationGroupType, { nullable: true })
  organizationGroup?: OrganizationGroupType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType({ simpleResolvers: true })
export class DeleteOrganizationGroupPayload {
  @Field(() => ID, { nullable: true, description: 'Of the group that is gone.' })
  deletedId?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
