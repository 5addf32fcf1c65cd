import { Field, ID, InputType } from 'type-graphql';
import type { MailDigest } from './digest.ts';
import { MailDigestEnum } from './mail-recipient.type.ts';

@InputType()
export class CreateMailRecipientInput {
  @Field(() => ID)
  serviceProviderId!: string;

  @Field(() => String, { description: 'One mail address.' })
  address!: string;

  @Field(() => [String], { description: 'Types of events: see `eventTypes`.' })
  events!: string[];

  @Field(() => [ID], { nullable: true, description: 'Left out: of all organizations, and of the provider itself.' })
  organizationIds?: string[] | null;

  @Field(() => MailDigestEnum, { nullable: true, description: '`IMMEDIATE`, if left out.' })
  digest?: MailDigest | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType({ description: 'What is left out stays.' })
export class UpdateMailRecipientInput {
  @Field(() => ID)
  mailRecipientId!: string;

  @Field(() => String, { nullable: true })
  address?: string | null;

  @Field(() => [String], { nullable: true })
  events?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Null: of all organizations, and of the provider itself.' })
  organizationIds?: string[] | null;

  @Field(() => MailDigestEnum, { nullable: true })
  digest?: MailDigest | null;

  @Field(() => Boolean, { nullable: true })
  isEnabled?: boolean | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class MailRecipientCommandInput {
  @Field(() => ID)
  mailRecipientId!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}
