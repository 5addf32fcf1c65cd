import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { ActorType } from '../graphql/actor.type.ts';
import { decodeOrganizationId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import { requirePermission } from '../identity/authorize.ts';
import { NIL_ID } from '../ids.ts';
import { findOrganizationType } from '../organization/organization.resolver.ts';
import { OrganizationType } from '../organization/organization.type.ts';
import { Secret } from '../secrets/secret.ts';
import {
  type AnySlotInput,
  ApiKeyInput,
  DisableApiKeyInput,
  EditApiKeyInput,
  EnableApiKeyInput,
} from './api-key.input.ts';
import {
  addApiKey,
  deleteApiKey,
  disableApiKey,
  editApiKey,
  enableApiKey,
  regenerateApiKey,
  revealApiKey,
} from './api-key.service.ts';
import { type ApiKeyAction, type ApiKeyKind, permissionFor, possibleActions } from './api-key.ts';
import { ApiKeyActionEnum, ApiKeyKindEnum, ApiKeyPayload, ApiKeyType, DisablementType } from './api-key.type.ts';
import type { ApiKeyRef } from './api-key-slot.ts';
import { allDisablements } from './disablements.ts';
import type { ApiKeyOutcome } from './run-key-command.ts';

@Resolver(() => OrganizationType)
export class OrganizationApiKeyResolver {
  @FieldResolver(() => ApiKeyType, { description: 'The slot; it may hold no key.' })
  apiKey(
    @Root() { row, brought }: OrganizationType,
    @Arg('kind', () => ApiKeyKindEnum, { nullable: true, defaultValue: 'CLOUD_SERVICE' }) given: ApiKeyKind | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<ApiKeyType> | ApiKeyType {
    requirePermission(ctx.actor, 'apiKey:view');
    const kind = given ?? 'CLOUD_SERVICE';
    const known = brought?.apiKeys.find((slot) => slot.kind === kind);
    if (known !== undefined) return new ApiKeyType(known, ctx.now);
    const { rootProviderId, organizationId } = row;
    return findApiKeyType(ctx, { rootProviderId, organizationId, kind });
  }
}

@Resolver(() => ApiKeyType)
export class ApiKeyResolver {
  @FieldResolver(() => [DisablementType], { description: 'Every reason why it is disabled; empty while it is not.' })
  async disablements(@Root() { slot }: ApiKeyType, @Ctx() ctx: GraphQLContext): Promise<DisablementType[]> {
    const stored = slot.disabledBy.length === 0 ? [] : await ctx.loaders.disablements.load(slot);
    return allDisablements(slot, stored, ctx.now).map(({ byId, byName, ...disablement }) => ({
      ...disablement,
      by: new ActorType(byId, byName),
    }));
  }

  @FieldResolver(() => [ApiKeyActionEnum], { description: 'What this viewer may do to this slot right now.' })
  allowedActions(@Root() { slot }: ApiKeyType, @Ctx() ctx: GraphQLContext): ApiKeyAction[] {
    const { actor, now } = ctx;
    if (slot.organizationId === NIL_ID) return []; // it stands for one of an organization that there is not
    const possible = possibleActions(slot, actor.authority, now);
    return possible.filter((action) => actor.permissions.has(permissionFor[action]));
  }

  @Mutation(() => ApiKeyPayload, { description: 'A new random key in an empty slot, valid at once.' })
  addApiKey(
    @Arg('input', () => ApiKeyInput) input: ApiKeyInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ApiKeyPayload>> {
    return answer(ctx, async () => toPayload(await addApiKey(ctx, slotOf(input))));
  }

  @Mutation(() => ApiKeyPayload, {
    description: 'This string instead of the old one, which is invalid at once. Cannot be undone.',
  })
  editApiKey(
    @Arg('input', () => EditApiKeyInput) input: EditApiKeyInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ApiKeyPayload>> {
    const newKey = new Secret(input.newKey);
    return answer(ctx, async () => toPayload(await editApiKey(ctx, { ...slotOf(input), newKey })));
  }

  @Mutation(() => ApiKeyPayload, {
    description: 'A new random string instead of the old one, which is invalid at once. Cannot be undone.',
  })
  regenerateApiKey(
    @Arg('input', () => ApiKeyInput) input: ApiKeyInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ApiKeyPayload>> {
    return answer(ctx, async () => toPayload(await regenerateApiKey(ctx, slotOf(input))));
  }

  @Mutation(() => ApiKeyPayload, { description: 'Empties the slot. Cannot be undone.' })
  deleteApiKey(
    @Arg('input', () => ApiKeyInput) input: ApiKeyInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ApiKeyPayload>> {
    return answer(ctx, async () => toPayload(await deleteApiKey(ctx, slotOf(input))));
  }

  @Mutation(() => ApiKeyPayload, { description: 'Shows the string, and writes down that it was shown.' })
  revealApiKey(
    @Arg('input', () => ApiKeyInput) input: ApiKeyInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ApiKeyPayload>> {
    return answer(ctx, async () => toPayload(await revealApiKey(ctx, slotOf(input))));
  }

  @Mutation(() => ApiKeyPayload, { description: "Disables the slot in the name of the caller's authority." })
  disableApiKey(
    @Arg('input', () => DisableApiKeyInput) input: DisableApiKeyInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ApiKeyPayload>> {
    const { reason, note } = input;
    return answer(ctx, async () =>
      toPayload(await disableApiKey(ctx, { ...slotOf(input), reason, note: note ?? null })),
    );
  }

  @Mutation(() => ApiKeyPayload, {
    description: 'Lifts the disablements that the caller may lift; `apiKey.disablements` says what still holds.',
  })
  enableApiKey(
    @Arg('input', () => EnableApiKeyInput) input: EnableApiKeyInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ApiKeyPayload>> {
    return answer(ctx, async () => toPayload(await enableApiKey(ctx, { ...slotOf(input), note: input.note })));
  }
}

@Resolver(() => ApiKeyPayload)
export class ApiKeyPayloadResolver {
  @FieldResolver(() => OrganizationType, { nullable: true })
  organization(@Root() { ref }: ApiKeyPayload, @Ctx() ctx: GraphQLContext): Promise<OrganizationType | null> | null {
    return ref === undefined ? null : findOrganizationType(ctx, ref);
  }

  @FieldResolver(() => ApiKeyType, { nullable: true, description: 'As it is after the command.' })
  apiKey(@Root() { ref }: ApiKeyPayload, @Ctx() ctx: GraphQLContext): Promise<ApiKeyType> | null {
    return ref === undefined ? null : findApiKeyType(ctx, ref);
  }
}

function slotOf(input: AnySlotInput) {
  return {
    organization: decodeOrganizationId(input.organizationId),
    kind: input.kind ?? 'CLOUD_SERVICE',
    expectedVersion: input.expectedVersion ?? null,
    idempotencyKey: input.idempotencyKey ?? null,
  };
}

function toPayload({ apiKey: ref, keyString }: ApiKeyOutcome) {
  return { ref, keyString: keyString?.expose() ?? null };
}

/** @throws DomainError `FORBIDDEN` */
export async function findApiKeyType(ctx: GraphQLContext, ref: ApiKeyRef): Promise<ApiKeyType> {
  requirePermission(ctx.actor, 'apiKey:view');
  const slot = await ctx.loaders.apiKey.load(ref);
  if (slot === null) throw new Error('an organization is in sight without its slots');
  return new ApiKeyType(slot, ctx.now);
}
