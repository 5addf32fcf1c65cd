import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { ActorType } from '../graphql/actor.type.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { enumOf } from '../graphql/enum.ts';
import type { Actor } from '../identity/actor.ts';
import { approvalAt, isLookedAt, mayDecide } from './approval.ts';
import { type ApprovalStatus, approvalStatuses, type BulkOperationStatus, finalStatus } from './bulk-operation.ts';
import { BulkOperationStatusEnum } from './bulk-operation.type.ts';
import type { BulkOperation } from './bulk-operation-row.ts';

const ApprovalStatusEnum = enumOf(approvalStatuses);
registerEnumType(ApprovalStatusEnum, {
  name: 'ApprovalStatus',
  description: '`EXPIRED`: nobody decided in time. `WITHDRAWN`: the operation ended before anybody decided.',
});

@ObjectType('BulkOperationApproval', {
  simpleResolvers: true,
  description:
    'Whether a second person agrees to an operation over more organizations than a provider lets one person change.',
})
export class BulkOperationApprovalType {
  readonly #operation: BulkOperation;
  readonly #actor: Actor;
  readonly #now: Date;

  /** @param now it may have expired meanwhile */
  constructor(operation: BulkOperation, actor: Actor, now: Date) {
    this.#operation = operation;
    this.#actor = actor;
    this.#now = now;
  }

  @Field(() => ApprovalStatusEnum)
  get status(): ApprovalStatus {
    const status = approvalAt(this.#operation, this.#now);
    if (status === null) throw new Error('what needs no approval has none');
    return status;
  }

  @Field(() => DateTimeScalar, { description: 'Until then somebody can decide.' })
  get expiresAt(): Date {
    const { approvalExpiresAt } = this.#operation;
    if (approvalExpiresAt === null) throw new Error('what needs no approval has none');
    return approvalExpiresAt;
  }

  @Field(() => Boolean, { description: 'Whether this viewer may approve or reject it now.' })
  get canDecide(): boolean {
    return mayDecide(this.#actor, this.#operation, this.#now);
  }

  @Field(() => BulkOperationStatusEnum, {
    nullable: true,
    description:
      'How the operation would have ended when it was started, by a dry run: the counts and the results of the operation say more. Null while that is being made, and once it waits no longer.',
  })
  get dryRunStatus(): BulkOperationStatus | null {
    const operation = this.#operation;
    return operation.approval === 'PENDING' && isLookedAt(operation)
      ? finalStatus(operation.atomicity, operation)
      : null;
  }

  @Field(() => ActorType, { nullable: true, description: 'Who approved or rejected it.' })
  get decidedBy(): ActorType | null {
    const { decidedById, decidedByName } = this.#operation;
    return decidedByName === null ? null : new ActorType(decidedById, decidedByName);
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get decidedAt(): Date | null {
    return this.#operation.decidedAt;
  }

  @Field(() => String, { nullable: true, description: 'What they said about it. Of a rejection, why.' })
  get note(): string | null {
    return this.#operation.decisionNote;
  }
}
