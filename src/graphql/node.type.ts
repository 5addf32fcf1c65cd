import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType({ description: 'Anything that has a global id.' })
export abstract class Node {
  @Field(() => ID)
  get id(): string {
    return this.globalId();
  }

  protected abstract globalId(): string;
}
