import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { DomainError, type ErrorCode, errorCodes } from '../errors.ts';
import { enumOf } from './enum.ts';
import type { GraphQLContext } from './graphql-context.ts';

export const ErrorCodeEnum = enumOf(errorCodes);
registerEnumType(ErrorCodeEnum, {
  name: 'ErrorCode',
  description: 'The closed list of codes. A message may change, a code never does.',
});

@ObjectType({
  simpleResolvers: true,
  description: 'What follows from the input or from the state of the data. Nothing was changed.',
})
export class UserError {
  @Field(() => ErrorCodeEnum)
  code!: ErrorCode;

  @Field(() => String, { description: 'Says what to do next.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'Path of the argument at fault.' })
  field!: string[] | null;
}

export type Payload<Fields> = Partial<Fields> & { userErrors: UserError[] };

/**
 * The one place where a refusal becomes data: what a mutation answers, or why it did nothing. What the request looked up
 * before the command is forgotten, so that the answer shows the state after it.
 * @param within path of the argument that the fields at fault are of
 */
export async function answer<Fields>(
  ctx: GraphQLContext,
  command: () => Promise<Fields>,
  within: readonly string[] = ['input'],
): Promise<Payload<Fields>> {
  try {
    ctx.loaders.forget();
    return { ...(await command()), userErrors: [] };
  } catch (error) {
    if (!(error instanceof DomainError) || error.isTopLevel) throw error;
    const field = error.field === null ? null : [...within, ...error.field];
    return { userErrors: [{ code: error.code, message: error.message, field }] } as Payload<Fields>;
  }
}
