import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageView } from '../graphql/connection.ts';
import {
  decodeMailRecipientId,
  decodeOrganizationId,
  decodeProviderFilter,
  decodeServiceProviderId,
} from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { MailRecipientRef } from '../ids.ts';
import { parsePage } from '../page.ts';
import { providerOf } from '../service-provider/service-provider.resolver.ts';
import { ServiceProviderType } from '../service-provider/service-provider.type.ts';
import {
  countRecipientsInSight,
  listMailRecipients,
  lookUpMailRecipient,
  mailSender,
  positionOfRecipient,
  RECIPIENT_ORDER,
} from './list-mail-recipients.ts';
import {
  CreateMailRecipientInput,
  MailRecipientCommandInput,
  UpdateMailRecipientInput,
} from './mail-recipient.input.ts';
import { createMailRecipient, deleteMailRecipient, updateMailRecipient } from './mail-recipient.service.ts';
import {
  DeleteMailRecipientPayload,
  MailRecipientConnection,
  MailRecipientPayload,
  MailRecipientType,
} from './mail-recipient.type.ts';

@Resolver(() => MailRecipientType)
export class MailRecipientResolver {
  @Query(() => MailRecipientConnection, {
    description: 'Every one in sight, the oldest first. Needs `webhook:manage`.',
  })
  async mailRecipients(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('serviceProviderId', () => ID, {
      nullable: true,
      description: 'Of this provider and the resellers below it.',
    })
    serviceProviderId: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<MailRecipientType>> {
    const provider = decodeProviderFilter(serviceProviderId);
    const page = await listMailRecipients(ctx, provider, parsePage(first, after, RECIPIENT_ORDER));
    return new PageView(page, {
      order: RECIPIENT_ORDER,
      node: (row) => new MailRecipientType(row),
      position: positionOfRecipient,
      count: () => countRecipientsInSight(ctx, provider),
    });
  }

  @Query(() => String, {
    nullable: true,
    description:
      'The address that mails are from; null while the server has no mail server, and so sends none. Needs `webhook:manage`.',
  })
  mailSender(@Ctx() ctx: GraphQLContext): string | null {
    return mailSender(ctx);
  }

  @FieldResolver(() => ServiceProviderType)
  serviceProvider(@Root() { row }: MailRecipientType, @Ctx() ctx: GraphQLContext): Promise<ServiceProviderType> {
    return providerOf(ctx, row);
  }

  @Mutation(() => MailRecipientPayload, {
    description: 'Needs `webhook:manage`, and the permissions to see what the chosen events tell of.',
  })
  createMailRecipient(
    @Arg('input', () => CreateMailRecipientInput) input: CreateMailRecipientInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<MailRecipientPayload>> {
    return answer(ctx, async () => {
      const ref = await createMailRecipient(ctx, {
        serviceProvider: decodeServiceProviderId(input.serviceProviderId),
        address: input.address,
        events: input.events,
        organizations: input.organizationIds?.map(decodeOrganizationId) ?? null,
        digest: input.digest ?? 'IMMEDIATE',
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { mailRecipient: await findMailRecipientType(ctx, ref) };
    });
  }

  @Mutation(() => MailRecipientPayload, { description: 'Enabled again, it is told of what happens from then on.' })
  updateMailRecipient(
    @Arg('input', () => UpdateMailRecipientInput) input: UpdateMailRecipientInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<MailRecipientPayload>> {
    return answer(ctx, async () => {
      const ref = await updateMailRecipient(ctx, {
        mailRecipient: decodeMailRecipientId(input.mailRecipientId),
        address: input.address ?? undefined,
        events: input.events ?? undefined,
        organizations: input.organizationIds === null ? null : input.organizationIds?.map(decodeOrganizationId),
        digest: input.digest ?? undefined,
        isEnabled: input.isEnabled ?? undefined,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { mailRecipient: await findMailRecipientType(ctx, ref) };
    });
  }

  @Mutation(() => DeleteMailRecipientPayload)
  deleteMailRecipient(
    @Arg('input', () => MailRecipientCommandInput) input: MailRecipientCommandInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<DeleteMailRecipientPayload>> {
    return answer(ctx, async () => {
      const { mailRecipientId, idempotencyKey = null } = input;
      await deleteMailRecipient(ctx, { mailRecipient: decodeMailRecipientId(mailRecipientId), idempotencyKey });
      return { deletedId: mailRecipientId };
    });
  }
}

export async function findMailRecipientType(
  ctx: GraphQLContext,
  ref: MailRecipientRef,
): Promise<MailRecipientType | null> {
  const row = await lookUpMailRecipient(ctx, ref);
  return row === null ? null : new MailRecipientType(row);
}
