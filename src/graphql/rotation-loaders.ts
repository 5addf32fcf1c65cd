import DataLoader from 'dataloader';
import type { ApiKeyRef, ApiKeyView } from '../api-key/api-key-slot.ts';
import type { Overlap } from '../api-key/overlap.ts';
import type { RequestContext } from '../context.ts';
import { type KeyRotation, lookUpOverlaps, lookUpRotations } from '../rotation/look-up-rotations.ts';

/** Of slots that are known to be in sight. */
export interface RotationLoaders {
  readonly keyOverlap: DataLoader<ApiKeyView, Overlap | null, string>;
  readonly keyRotation: DataLoader<ApiKeyView, KeyRotation | null, string>;
}

export function createRotationLoaders(ctx: RequestContext): RotationLoaders {
  return {
    keyOverlap: new DataLoader<ApiKeyView, Overlap | null, string>(
      async (slots) => {
        const rows = await lookUpOverlaps(ctx, slots);
        const bySlot = new Map(rows.map(({ overlap, ...ref }) => [slotKey(ref), overlap]));
        return slots.map((slot) => bySlot.get(slotKey(slot)) ?? null);
      },
      { cacheKeyFn: slotKey },
    ),
    keyRotation: new DataLoader<ApiKeyView, KeyRotation | null, string>(
      async (slots) => {
        const bySlot = new Map((await lookUpRotations(ctx, slots)).map((rotation) => [slotKey(rotation), rotation]));
        return slots.map((slot) => bySlot.get(slotKey(slot)) ?? null);
      },
      { cacheKeyFn: slotKey },
    ),
  };
}

function slotKey({ organizationId, kind }: ApiKeyRef): string {
  return `${organizationId}/${kind}`;
}
