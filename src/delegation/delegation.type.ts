import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ActorType } from '../graphql/actor.type.ts';
import { connectionType } from '../graphql/connection.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { enumOf } from '../graphql/enum.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import type { ActorId } from '../ids.ts';
import {
  type Delegation,
  type DelegationRole,
  type DelegationSide,
  type DelegationStatus,
  delegationRoles,
  delegationSides,
  delegationStatus,
  delegationStatuses,
} from './delegation.ts';

export const DelegationRoleEnum = enumOf(delegationRoles);
registerEnumType(DelegationRoleEnum, {
  name: 'DelegationRole',
  description:
    'Carries over what the role may do with keys and subscriptions and in the audit trail, nothing that outlives the delegation.',
});

export const DelegationStatusEnum = enumOf(delegationStatuses);
registerEnumType(DelegationStatusEnum, {
  name: 'DelegationStatus',
  description: '`PENDING` until it is accepted; `EXPIRED` by the clock alone; `ENDED` by either side.',
});

export const DelegationSideEnum = enumOf(delegationSides);
registerEnumType(DelegationSideEnum, {
  name: 'DelegationSide',
  description: '`GRANTED` by a provider in sight, or `RECEIVED` by the provider whose staff asks.',
});

@ObjectType('Delegation', {
  implements: Node,
  simpleResolvers: true,
  description:
    'A role on some organizations, lent by their provider to the staff of another until a date. Whoever acts under it sends its id in the header `x-keyward-delegation` of each request.',
})
export class DelegationType extends Node {
  readonly row: Delegation;

  @Field(() => DelegationSideEnum)
  readonly side: DelegationSide;

  @Field(() => DelegationStatusEnum)
  readonly status: DelegationStatus;

  constructor(row: Delegation, side: DelegationSide, now: Date) {
    super();
    this.row = row;
    this.side = side;
    this.status = delegationStatus(row, now);
  }

  protected globalId(): string {
    return encodeGlobalId('Delegation', this.row.rootProviderId, this.row.id);
  }

  @Field(() => DelegationRoleEnum)
  get role(): DelegationRole {
    return this.row.role;
  }

  @Field(() => String, { description: 'The granting provider, as it was called then.' })
  get serviceProviderName(): string {
    return this.row.providerName;
  }

  @Field(() => String, { nullable: true, description: 'Null until they accept: before, the id may name nobody.' })
  get granteeName(): string | null {
    return this.row.granteeProviderName;
  }

  @Field(() => Int)
  get organizationCount(): number {
    return this.row.organizationIds.length;
  }

  @Field(() => String, { nullable: true })
  get note(): string | null {
    return this.row.note;
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => ActorType)
  get createdBy(): ActorType {
    return new ActorType(this.row.createdById, this.row.createdByName);
  }

  @Field(() => DateTimeScalar, { description: 'When it holds no longer, whatever else happens.' })
  get expiresAt(): Date {
    return this.row.expiresAt;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get acceptedAt(): Date | null {
    return this.row.acceptedAt;
  }

  @Field(() => ActorType, { nullable: true })
  get acceptedBy(): ActorType | null {
    return actorOrNull(this.row.acceptedById, this.row.acceptedByName);
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get endedAt(): Date | null {
    return this.row.endedAt;
  }

  @Field(() => ActorType, { nullable: true })
  get endedBy(): ActorType | null {
    return actorOrNull(this.row.endedById, this.row.endedByName);
  }
}

function actorOrNull(id: ActorId | null, name: string | null): ActorType | null {
  return name === null ? null : new ActorType(id, name);
}

export const DelegationConnection = connectionType('Delegation', () => DelegationType);

@ObjectType({ simpleResolvers: true })
export class DelegationPayload {
  @Field(() => DelegationType, { nullable: true })
  delegation?: DelegationType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
