import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ErrorCode } from '../errors.ts';
import { ActorType } from '../graphql/actor.type.ts';
import { connectionType } from '../graphql/connection.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { enumOf } from '../graphql/enum.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { ErrorCodeEnum, UserError } from '../graphql/user-error.ts';
import type { BulkOperationRef } from '../ids.ts';
import {
  type BulkOperationKind,
  type BulkOutcome,
  bulkOperationKinds,
  bulkOutcomes,
  processedOf,
  type ShownStatus,
  type SyncAtomicity,
  shownStatus,
  shownStatuses,
  syncAtomicities,
} from './bulk-operation.ts';
import type { BulkOperation, BulkResult } from './bulk-operation-row.ts';
import { BulkTermsType } from './bulk-terms.type.ts';

const BulkOperationKindEnum = enumOf(bulkOperationKinds);
registerEnumType(BulkOperationKindEnum, { name: 'BulkOperationKind' });
export const SyncAtomicityEnum = enumOf(syncAtomicities);
registerEnumType(SyncAtomicityEnum, {
  name: 'SyncAtomicity',
  description:
    '`ALL_OR_NOTHING` changes nothing if one organization refuses, and shows the change everywhere in one instant; `PER_ORGANIZATION` changes what it can.',
});
export const BulkOperationStatusEnum = enumOf(shownStatuses);
registerEnumType(BulkOperationStatusEnum, {
  name: 'BulkOperationStatus',
  description:
    '`PLANNED` until its time has come: `runAt`. `PENDING` until the background begins it, and while it waits for approval. `PARTIALLY_SUCCEEDED`: some organizations refused. `FAILED`: all did, or one of an `ALL_OR_NOTHING` did.',
});
export const BulkOutcomeEnum = enumOf(bulkOutcomes);
registerEnumType(BulkOutcomeEnum, {
  name: 'BulkOutcome',
  description:
    '`UNCHANGED`: it already was as the command would make it. `REFUSED`: with the code that the single command gives.',
});

@ObjectType('BulkOperation', {
  implements: Node,
  simpleResolvers: true,
  description: 'One command over many organizations. Those that it is about were settled when it started.',
})
export class BulkOperationType extends Node {
  readonly row: BulkOperation;

  constructor(row: BulkOperation) {
    super();
    this.row = row;
  }

  protected globalId(): string {
    return encodeGlobalId('BulkOperation', this.row.rootProviderId, this.row.id);
  }

  @Field(() => BulkOperationKindEnum)
  get kind(): BulkOperationKind {
    return this.row.kind;
  }

  @Field(() => BulkTermsType, { nullable: true, description: 'Null of an import: its file says it.' })
  get terms(): BulkTermsType | null {
    return this.row.command === null ? null : new BulkTermsType(this.row.command);
  }

  @Field(() => SyncAtomicityEnum)
  get atomicity(): SyncAtomicity {
    return this.row.atomicity;
  }

  @Field(() => BulkOperationStatusEnum, {
    description: 'Of a dry run: the one that the run would end with.',
  })
  get status(): ShownStatus {
    return shownStatus(this.row);
  }

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it is to begin, of a planned one; until then its counts and results are those of a dry run.',
  })
  get runAt(): Date | null {
    return this.row.runAt;
  }

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the window of the rotation policy closes that asked for it: it ends by then.',
  })
  get runUntil(): Date | null {
    return this.row.runUntil;
  }

  @Field(() => Boolean, { description: 'Whether every rule was applied and nothing written.' })
  get dryRun(): boolean {
    return this.row.dryRun;
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get startedAt(): Date | null {
    return this.row.startedAt;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get finishedAt(): Date | null {
    return this.row.finishedAt;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get cancelRequestedAt(): Date | null {
    return this.row.cancelRequestedAt;
  }

  @Field(() => ActorType)
  get createdBy(): ActorType {
    return new ActorType(this.row.createdById, this.row.createdByName);
  }

  @Field(() => String, {
    nullable: true,
    description: 'Why it failed or was left, when that was no matter of an organization.',
  })
  get failure(): string | null {
    return this.row.failure;
  }

  @Field(() => Int, { description: 'Of organizations.' })
  get total(): number {
    return this.row.total;
  }

  @Field(() => Int, {
    description:
      'How many organizations it has gone through. Of an ALL_OR_NOTHING run that was refused: how many have a result.',
  })
  get processed(): number {
    return processedOf(this.row);
  }

  @Field(() => Int, { description: 'Of a dry run, and while it waits for approval: how many would be.' })
  get changed(): number {
    return this.row.changed;
  }

  @Field(() => Int)
  get unchanged(): number {
    return this.row.unchanged;
  }

  @Field(() => Int)
  get refused(): number {
    return this.row.refused;
  }
}

export const BulkOperationConnection = connectionType('BulkOperation', () => BulkOperationType);

@ObjectType('BulkResult', { simpleResolvers: true, description: 'How it ended for one organization.' })
export class BulkResultType {
  readonly row: BulkResult;

  constructor(row: BulkResult) {
    this.row = row;
  }

  @Field(() => ID, {
    description: 'As it was given, of an id that names nothing here; cut short or masked when no id looks like it.',
  })
  get organizationId(): string {
    const { rootProviderId, organizationId, givenId } = this.row;
    if (givenId !== null) return givenId;
    if (organizationId === null) throw new Error('an item names an organization or has an id as it was given');
    return encodeGlobalId('Organization', rootProviderId, organizationId);
  }

  @Field(() => BulkOutcomeEnum)
  get outcome(): BulkOutcome {
    return this.row.outcome;
  }

  @Field(() => ErrorCodeEnum, { nullable: true, description: 'Why it was refused.' })
  get code(): ErrorCode | null {
    return this.row.code;
  }

  @Field(() => String, { nullable: true, description: 'Says what to do next.' })
  get message(): string | null {
    return this.row.message;
  }
}

export const BulkResultConnection = connectionType('BulkResult', () => BulkResultType);

@ObjectType({ simpleResolvers: true })
export class SyncApiKeyPayload {
  /** The operation that was started; absent when it was refused. */
  ref?: BulkOperationRef;

  @Field(() => String, {
    nullable: true,
    description:
      'To callers with `apiKey:reveal`; null for everybody else, after a dry run of a string that would be generated, when no organization was given it, and while the operation waits for approval: then ask again with the same `idempotencyKey`.',
  })
  keyString?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType({ simpleResolvers: true })
export class BulkOperationPayload {
  /** The operation that the command was about; absent when it was refused. */
  ref?: BulkOperationRef;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
