import DataLoader from 'dataloader';
import type { ServiceProviderRef } from '../ids.ts';

/** What is asked of the list under one parent. */
export interface Under<Ask, Parent = ServiceProviderRef> {
  readonly parent: Parent;
  readonly ask: Ask;
}

export type NestedListLoader<Ask, Answer, Parent = ServiceProviderRef> = DataLoader<Under<Ask, Parent>, Answer, string>;

/**
 * Lists under several parents, such as providers: those of which the same is asked are found together, by one call.
 * @param find gives one answer for each parent, in their order
 */
export function nestedListLoader<Ask, Answer, Parent = ServiceProviderRef>(
  find: (parents: readonly Parent[], ask: Ask) => Promise<Answer[]>,
): NestedListLoader<Ask, Answer, Parent> {
  const nameOfAsk = ({ ask }: Under<Ask, Parent>) => JSON.stringify(ask);
  const nameOf = ({ parent, ask }: Under<Ask, Parent>) => JSON.stringify([parent, ask]);
  return new DataLoader<Under<Ask, Parent>, Answer, string>(
    async (keys) => {
      const answers = new Map<Under<Ask, Parent>, Answer>();
      const groups = [...Map.groupBy(keys, nameOfAsk).values()];
      await Promise.all(
        groups.map(async (group) => {
          const ask = group[0]?.ask;
          if (ask === undefined) return;
          const found = await find(
            group.map((key) => key.parent),
            ask,
          );
          found.forEach((answer, index) => {
            const key = group[index];
            if (key !== undefined) answers.set(key, answer);
          });
        }),
      );
      return keys.map((key) => answers.get(key) ?? new Error('a nested list was not answered'));
    },
    { cacheKeyFn: nameOf },
  );
}
