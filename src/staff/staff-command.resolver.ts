import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import {
  decodeActorId,
  decodeCustomRoleId,
  decodeOrganizationId,
  decodeServiceProviderId,
} from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { StaffMemberId } from '../ids.ts';
import { Secret } from '../secrets/secret.ts';
import { createStaffMember, type PasswordOutcome } from './create-staff-member.service.ts';
import type { StaffCommandInput } from './run-staff-command.ts';
import {
  CreateStaffMemberInput,
  ResetStaffPasswordInput,
  StaffMemberInput,
  UpdateStaffMemberInput,
} from './staff-member.input.ts';
import { findStaffMemberType } from './staff-member.resolver.ts';
import {
  deactivateStaffMember,
  endStaffSessions,
  reactivateStaffMember,
  removeStaffMember,
  updateStaffMember,
} from './staff-member.service.ts';
import { RemoveStaffMemberPayload, StaffMemberPayload, StaffPasswordPayload } from './staff-member.type.ts';
import { resetStaffPassword } from './staff-password.service.ts';

@Resolver()
export class StaffCommandResolver {
  @Mutation(() => StaffPasswordPayload, { description: 'They must change the password at their first sign-in.' })
  createStaffMember(
    @Arg('input', () => CreateStaffMemberInput) input: CreateStaffMemberInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<StaffPasswordPayload>> {
    const { serviceProviderId, organizationId, customRoleId } = input;
    return answer(ctx, async () => {
      const outcome = await createStaffMember(ctx, {
        username: input.username,
        displayName: input.displayName,
        serviceProvider: serviceProviderId == null ? null : (decodeServiceProviderId(serviceProviderId) ?? 'UNKNOWN'),
        organization: organizationId == null ? null : (decodeOrganizationId(organizationId) ?? 'UNKNOWN'),
        role: input.role ?? null,
        customRole: customRoleId == null ? null : (decodeCustomRoleId(customRoleId) ?? 'UNKNOWN'),
        password: toSecret(input.password),
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return withPassword(ctx, outcome);
    });
  }

  @Mutation(() => StaffMemberPayload, { description: 'Another role ends their sessions.' })
  updateStaffMember(
    @Arg('input', () => UpdateStaffMemberInput) input: UpdateStaffMemberInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<StaffMemberPayload>> {
    const { displayName, role, customRoleId } = input;
    return run(ctx, updateStaffMember, {
      ...toCommand(input),
      displayName: displayName ?? null,
      role: role ?? null,
      customRole: customRoleId == null ? null : (decodeCustomRoleId(customRoleId) ?? 'UNKNOWN'),
    });
  }

  @Mutation(() => StaffMemberPayload, { description: 'It ends their sessions.' })
  deactivateStaffMember(
    @Arg('input', () => StaffMemberInput) input: StaffMemberInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<StaffMemberPayload>> {
    return run(ctx, deactivateStaffMember, toCommand(input));
  }

  @Mutation(() => StaffMemberPayload)
  reactivateStaffMember(
    @Arg('input', () => StaffMemberInput) input: StaffMemberInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<StaffMemberPayload>> {
    return run(ctx, reactivateStaffMember, toCommand(input));
  }

  @Mutation(() => RemoveStaffMemberPayload, { description: 'The user name is free again. It cannot be undone.' })
  removeStaffMember(
    @Arg('input', () => StaffMemberInput) input: StaffMemberInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<RemoveStaffMemberPayload>> {
    return answer(ctx, async () => {
      await removeStaffMember(ctx, toCommand(input));
      return { removedId: input.staffMemberId };
    });
  }

  @Mutation(() => StaffPasswordPayload, {
    description: 'It ends their sessions, and they must change the password before they sign in again.',
  })
  resetStaffPassword(
    @Arg('input', () => ResetStaffPasswordInput) input: ResetStaffPasswordInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<StaffPasswordPayload>> {
    return answer(ctx, async () => {
      const command = { ...toCommand(input), password: toSecret(input.password) };
      return withPassword(ctx, await resetStaffPassword(ctx, command));
    });
  }

  @Mutation(() => StaffMemberPayload, { description: 'Wherever they are signed in. Everybody may end their own.' })
  endStaffSessions(
    @Arg('input', () => StaffMemberInput) input: StaffMemberInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<StaffMemberPayload>> {
    return run(ctx, endStaffSessions, toCommand(input));
  }
}

function toCommand(input: StaffMemberInput): StaffCommandInput {
  const staffMemberId = decodeActorId(input.staffMemberId) as StaffMemberId | null; // a service account's names nobody
  return { staffMemberId, idempotencyKey: input.idempotencyKey ?? null };
}

function toSecret(password: string | null | undefined): Secret | null {
  return password == null ? null : new Secret(password);
}

function run<Input>(
  ctx: GraphQLContext,
  command: (ctx: GraphQLContext, input: Input) => Promise<StaffMemberId>,
  input: Input,
): Promise<Payload<StaffMemberPayload>> {
  return answer(ctx, async () => ({ staffMember: await findStaffMemberType(ctx, await command(ctx, input)) }));
}

async function withPassword(ctx: GraphQLContext, { staffMemberId, password }: PasswordOutcome) {
  return { staffMember: await findStaffMemberType(ctx, staffMemberId), password: password?.expose() ?? null };
}
