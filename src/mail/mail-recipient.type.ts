import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { enumOf } from '../graphql/enum.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import { type MailDigest, mailDigests } from './digest.ts';
import { type MailDisabledReason, type MailRecipient, mailDisabledReasons } from './mail-recipient.ts';

export const MailDigestEnum = enumOf(mailDigests);
registerEnumType(MailDigestEnum, {
  name: 'MailDigest',
  description:
    'What happens meanwhile comes in one mail. `IMMEDIATE`: within about a minute, and then at most one mail in a quarter of an hour, unless the server is set otherwise. `HOURLY`: at the full hour. `DAILY`: at 06:00 UTC.',
});
const MailDisabledReasonEnum = enumOf(mailDisabledReasons);
registerEnumType(MailDisabledReasonEnum, {
  name: 'MailDisabledReason',
  description: '`FAILING`: the mail server refused the address for three days.',
});

@ObjectType('MailRecipient', {
  implements: Node,
  simpleResolvers: true,
  description: 'A mail address that a provider has told of events of its own subtree.',
})
export class MailRecipientType extends Node {
  readonly row: MailRecipient;

  constructor(row: MailRecipient) {
    super();
    this.row = row;
  }

  protected globalId(): string {
    return encodeGlobalId('MailRecipient', this.row.rootProviderId, this.row.id);
  }

  @Field(() => String)
  get address(): string {
    return this.row.address;
  }

  @Field(() => [String], { description: 'Types that it has chosen: see `eventTypes`.' })
  get events(): readonly string[] {
    return this.row.events;
  }

  @Field(() => [ID], { nullable: true, description: 'Null: of all organizations, and of the provider itself.' })
  get organizationIds(): string[] | null {
    const { rootProviderId, organizationIds } = this.row;
    return organizationIds?.map((id) => encodeGlobalId('Organization', rootProviderId, id)) ?? null;
  }

  @Field(() => MailDigestEnum)
  get digest(): MailDigest {
    return this.row.digest;
  }

  @Field(() => Boolean)
  get isEnabled(): boolean {
    return this.row.disabledAt === null;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get disabledAt(): Date | null {
    return this.row.disabledAt;
  }

  @Field(() => MailDisabledReasonEnum, { nullable: true })
  get disabledReason(): MailDisabledReason | null {
    return this.row.disabledReason;
  }

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the next mail goes out; null while there is nothing to tell.',
  })
  get nextMailAt(): Date | null {
    return this.row.dueAt;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get lastSentAt(): Date | null {
    return this.row.lastSentAt;
  }

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since then every attempt has failed.' })
  get failingSince(): Date | null {
    return this.row.failingSince;
  }

  @Field(() => String, { nullable: true, description: 'Why the last attempt failed.' })
  get error(): string | null {
    return this.row.error;
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

export const MailRecipientConnection = connectionType('MailRecipient', () => MailRecipientType);

@ObjectType({ simpleResolvers: true })
export class MailRecipientPayload {
  @Field(() => MailRecipientType, { nullable: true })
  mailRecipient?: MailRecipientType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType({ simpleResolvers: true })
export class DeleteMailRecipientPayload {
  @Field(() => ID, { nullable: true, description: 'Of the recipient that is gone.' })
  deletedId?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
