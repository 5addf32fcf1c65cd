import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import { Secret } from '../secrets/secret.ts';
import { ChangePasswordInput } from './password.input.ts';
import { changePassword } from './password.service.ts';
import { ChangePasswordPayload } from './password.type.ts';

@Resolver()
export class PasswordResolver {
  @Mutation(() => ChangePasswordPayload, { description: "One's own. It ends every session, this one too." })
  changePassword(
    @Arg('input', () => ChangePasswordInput) input: ChangePasswordInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ChangePasswordPayload>> {
    return answer(ctx, async () => {
      await changePassword(ctx, {
        currentPassword: new Secret(input.currentPassword),
        newPassword: new Secret(input.newPassword),
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { message: 'The password is changed and every session has ended. Sign in again with the new one.' };
    });
  }
}
