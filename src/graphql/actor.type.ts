import { Field, ID, ObjectType } from 'type-graphql';
import type { StaffMemberId } from '../ids.ts';
import { encodeStaffMemberId } from './global-id.ts';

@ObjectType('Actor', { simpleResolvers: true, description: 'Who did it: a person, a service account, or the system.' })
export class ActorType {
  readonly #id: StaffMemberId | null;

  @Field(() => String)
  displayName: string;

  constructor(id: StaffMemberId | null, displayName: string) {
    this.#id = id;
    this.displayName = displayName;
  }

  @Field(() => ID, { nullable: true, description: 'Null for the system.' })
  get id(): string | null {
    return encodeStaffMemberId(this.#id);
  }
}
