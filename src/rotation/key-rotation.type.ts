import { Field, ObjectType } from 'type-graphql';
import type { RotationState } from '../api-key/key-age.ts';
import { RotationStateEnum } from '../api-key/key-age.type.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import type { KeyRotation } from './look-up-rotations.ts';
import type { RotationMode } from './rotation-policy.ts';
import { RotationModeEnum, RotationPolicyType } from './rotation-policy.type.ts';

@ObjectType('ApiKeyOverlap', {
  simpleResolvers: true,
  description:
    'The string that the current one replaced still works; whatever else changes the slot ends that at once.',
})
export class ApiKeyOverlapType {
  @Field(() => DateTimeScalar, { description: 'Earlier once the new string was used: then its grace period ends.' })
  endsAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the new string was used; null: not yet.' })
  firstUsedAt!: Date | null;
}

@ObjectType('ApiKeyRotation', { simpleResolvers: true, description: 'When a key is to be rotated by a policy.' })
export class ApiKeyRotationType {
  readonly #rotation: KeyRotation;

  constructor(rotation: KeyRotation) {
    this.#rotation = rotation;
  }

  @Field(() => RotationPolicyType, {
    nullable: true,
    description: 'Null when it is out of sight: what a provider above made holds all the same.',
  })
  get policy(): RotationPolicyType | null {
    const { policy } = this.#rotation;
    return policy === null ? null : new RotationPolicyType(policy);
  }

  @Field(() => RotationModeEnum)
  get mode(): RotationMode {
    return this.#rotation.mode;
  }

  @Field(() => DateTimeScalar, {
    description: 'When the key reaches the maximum age, and no sooner than it could be told of.',
  })
  get dueAt(): Date {
    return this.#rotation.dueAt;
  }

  @Field(() => RotationStateEnum)
  get state(): RotationState {
    return this.#rotation.state;
  }

  @Field(() => DateTimeScalar, { description: 'When the window begins, or is open, in which it is to be rotated.' })
  get plannedAt(): Date {
    return this.#rotation.plannedAt;
  }
}
