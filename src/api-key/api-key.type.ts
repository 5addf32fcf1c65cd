import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ActorType } from '../graphql/actor.type.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { enumOf } from '../graphql/enum.ts';
import { encodeApiKeyId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import {
  type ApiKeyKind,
  type ApiKeyStatus,
  apiKeyActions,
  apiKeyKinds,
  apiKeyStatus,
  apiKeyStatuses,
  type DisablementReason,
  type DisablementSource,
  disablementReasons,
  disablementSourceNames,
} from './api-key.ts';
import type { ApiKeyRef, ApiKeyView } from './api-key-slot.ts';
import { maskKey } from './key-string.ts';

export const ApiKeyKindEnum = enumOf(apiKeyKinds);
registerEnumType(ApiKeyKindEnum, { name: 'ApiKeyKind' });
export const ApiKeyStatusEnum = enumOf(apiKeyStatuses);
registerEnumType(ApiKeyStatusEnum, {
  name: 'ApiKeyStatus',
  valuesConfig: { NONE: { description: 'The slot is empty and nothing disables it.' } },
});
export const DisablementSourceEnum = enumOf(disablementSourceNames);
registerEnumType(DisablementSourceEnum, { name: 'DisablementSource' });
export const DisablementReasonEnum = enumOf(disablementReasons);
registerEnumType(DisablementReasonEnum, { name: 'DisablementReason' });
export const ApiKeyActionEnum = enumOf(apiKeyActions);
registerEnumType(ApiKeyActionEnum, { name: 'ApiKeyAction' });

@ObjectType('Disablement', { simpleResolvers: true, description: 'One reason why a slot is disabled.' })
export class DisablementType {
  @Field(() => DisablementSourceEnum)
  source!: DisablementSource;

  @Field(() => DisablementReasonEnum)
  reason!: DisablementReason;

  @Field(() => String, { nullable: true })
  note!: string | null;

  @Field(() => DateTimeScalar)
  at!: Date;

  @Field(() => ActorType)
  by!: ActorType;
}

@ObjectType('ApiKey', {
  implements: Node,
  simpleResolvers: true,
  description: "An organization's slot of one kind. It holds at most one key string.",
})
export class ApiKeyType extends Node {
  readonly slot: ApiKeyView;
  readonly #now: Date;

  constructor(slot: ApiKeyView, now: Date) {
    super();
    this.slot = slot;
    this.#now = now;
  }

  protected globalId(): string {
    return encodeApiKeyId(this.slot);
  }

  @Field(() => ApiKeyKindEnum)
  get kind(): ApiKeyKind {
    return this.slot.kind;
  }

  @Field(() => Boolean, { description: 'Whether the slot holds a key string.' })
  get exists(): boolean {
    return this.slot.fingerprint !== null;
  }

  @Field(() => ApiKeyStatusEnum)
  get status(): ApiKeyStatus {
    return apiKeyStatus(this.slot, this.#now);
  }

  @Field(() => String, {
    nullable: true,
    description: 'Eight bullets and the last four characters; null while the slot is empty.',
  })
  get maskedKey(): string | null {
    return this.slot.lastFour === null ? null : maskKey(this.slot.lastFour);
  }

  @Field(() => String, {
    nullable: true,
    description: 'Equal strings under one root provider have equal fingerprints.',
  })
  get fingerprint(): string | null {
    return this.slot.fingerprint;
  }

  @Field(() => Int, { description: 'Moves with every change of the slot; see `expectedVersion`.' })
  get version(): number {
    return this.slot.version;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get createdAt(): Date | null {
    return this.slot.createdAt;
  }

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the string was last added, edited, regenerated or deleted.',
  })
  get lastModifiedAt(): Date | null {
    return this.slot.lastModifiedAt;
  }

  @Field(() => ActorType, { nullable: true })
  get lastModifiedBy(): ActorType | null {
    const { lastModifiedById, lastModifiedByName } = this.slot;
    return lastModifiedByName === null ? null : new ActorType(lastModifiedById, lastModifiedByName);
  }
}

@ObjectType({ simpleResolvers: true })
export class ApiKeyPayload {
  /** The slot that the command was about; absent when it was refused. */
  ref?: ApiKeyRef;

  @Field(() => String, {
    nullable: true,
    description: 'After add, edit, regenerate and reveal, to callers with `apiKey:reveal`; null for everybody else.',
  })
  keyString?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
