import { Field, Int, ObjectType } from 'type-graphql';
import type { ApiKeyKind, StoredDisablementReason } from '../api-key/api-key.ts';
import { ApiKeyKindEnum, DisablementReasonEnum } from '../api-key/api-key.type.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import type { BulkCommand } from './bulk-operation-row.ts';
import type { RotationTerms } from './rotation-terms.ts';

@ObjectType('BulkOperationTerms', {
  simpleResolvers: true,
  description: 'What an operation does to each of its organizations; what its kind knows nothing of is null.',
})
export class BulkTermsType {
  readonly #command: BulkCommand;

  constructor(command: BulkCommand) {
    this.#command = command;
  }

  @Field(() => ApiKeyKindEnum, { nullable: true, description: 'Which of their slots.' })
  get apiKeyKind(): ApiKeyKind | null {
    return 'keyKind' in this.#command ? this.#command.keyKind : null;
  }

  @Field(() => String, {
    nullable: true,
    description: 'Of the string of a sync, under the root provider of whoever started it.',
  })
  get fingerprint(): string | null {
    return 'fingerprint' in this.#command ? this.#command.fingerprint : null;
  }

  @Field(() => DisablementReasonEnum, { nullable: true })
  get reason(): StoredDisablementReason | null {
    return 'reason' in this.#command ? this.#command.reason : null;
  }

  @Field(() => String, { nullable: true, description: 'What goes into the audit trail of each.' })
  get note(): string | null {
    return 'note' in this.#command ? this.#command.note : null;
  }

  @Field(() => DateTimeScalar, { nullable: true, description: 'Of a renewal.' })
  get endsAt(): Date | null {
    return 'endsAt' in this.#command ? new Date(this.#command.endsAt) : null;
  }

  @Field(() => Int, {
    nullable: true,
    description: 'For how many minutes the old strings work beside the new ones; null: they die at once.',
  })
  get overlapMinutes(): number | null {
    return this.#rotation.overlap?.minutes ?? null;
  }

  @Field(() => String, { nullable: true, description: 'Name of the rotation policy that asked for it.' })
  get rotationPolicy(): string | null {
    return this.#rotation.policy ?? null;
  }

  get #rotation(): RotationTerms {
    const { kind } = this.#command;
    return kind === 'SYNC_API_KEY' || kind === 'REGENERATE_API_KEY' ? this.#command : {};
  }
}
