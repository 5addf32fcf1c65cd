import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { ActorType } from '../graphql/actor.type.ts';
import { connectionType } from '../graphql/connection.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import type { AuditEvent } from './list-audit-events.ts';

@ObjectType('AuditEvent', {
  implements: Node,
  simpleResolvers: true,
  description: 'One command, allowed or refused, one reveal, one login, one export, or one refused read.',
})
export class AuditEventType extends Node {
  readonly row: AuditEvent;

  constructor(row: AuditEvent) {
    super();
    this.row = row;
  }

  protected globalId(): string {
    return encodeGlobalId('AuditEvent', this.row.rootProviderId, this.row.id);
  }

  @Field(() => DateTimeScalar)
  get at(): Date {
    return this.row.at;
  }

  @Field(() => String, { description: 'For example `api_key.regenerate`.' })
  get action(): string {
    return this.row.action;
  }

  @Field(() => ActorType)
  get actor(): ActorType {
    return new ActorType(this.row.actorId, this.row.actorName);
  }

  @Field(() => String, { nullable: true, description: 'The role in which the actor did it.' })
  get actorRole(): string | null {
    return this.row.actorRole;
  }

  @Field(() => String, { nullable: true, description: 'The provider that lent the right to do it.' })
  get onBehalfOf(): string | null {
    return this.row.onBehalfOf;
  }

  @Field(() => String, { description: '`OK`, or the code of the refusal.' })
  get result(): string {
    return this.row.result;
  }

  @Field(() => String, { nullable: true, description: 'The state before, as JSON. Never holds a key string.' })
  get before(): string | null {
    return this.row.before;
  }

  @Field(() => String, { nullable: true, description: 'The state after, as JSON.' })
  get after(): string | null {
    return this.row.after;
  }

  @Field(() => String, { nullable: true })
  get note(): string | null {
    return this.row.note;
  }

  @Field(() => String, { nullable: true })
  get ipAddress(): string | null {
    return this.row.ipAddress;
  }

  @Field(() => String, { nullable: true, description: 'The same as in the answer header `x-request-id`.' })
  get requestId(): string | null {
    return this.row.requestId;
  }
}

export const AuditEventConnection = connectionType('AuditEvent', () => AuditEventType);

@InputType('AuditEventFilter')
export class AuditEventFilterInput {
  @Field(() => ID, { nullable: true, description: 'Of this provider and the resellers below it.' })
  serviceProviderId?: string | null;

  @Field(() => ID, { nullable: true })
  organizationId?: string | null;

  @Field(() => ID, { nullable: true })
  actorId?: string | null;

  @Field(() => [String], { nullable: true })
  action?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Only what was refused, or only what was not.' })
  refused?: boolean | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'At or after.' })
  since?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Before.' })
  until?: Date | null;
}
