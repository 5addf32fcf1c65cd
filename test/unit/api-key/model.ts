// What DOMAIN.md says of one slot, said a second time and as small as possible: names for strings, letters for
// disablements, plain numbers for instants, and every subscription that there ever was.

export type Who = 'org' | 'provider' | 'platform' | 'system';

/** `key` is the name of a fresh string. Times are relative to now. */
export type Step =
  | { readonly do: 'add' | 'regenerate'; readonly by: Who; readonly key: string }
  | { readonly do: 'edit'; readonly by: Who; readonly key: string; readonly input: 'fresh' | 'same' | 'malformed' }
  | { readonly do: 'delete' | 'reveal'; readonly by: Who }
  | { readonly do: 'disable' | 'enable'; readonly by: Who; readonly hasNote: boolean; readonly isOther: boolean }
  | { readonly do: 'apply'; readonly startsIn: number; readonly endsIn: number; readonly key: string }
  | { readonly do: 'renew'; readonly endsIn: number }
  | { readonly do: 'cancel' }
  | { readonly do: 'wait'; readonly for: number; readonly key: string };

export interface Model {
  readonly isSandbox: boolean;
  readonly now: number;
  readonly key: string | null;
  readonly disabledBy: ReadonlySet<string>;
  /** Oldest first; the last one is the current one. */
  readonly terms: readonly { readonly from: number; readonly to: number }[];
  /** Whether the current one has provided its key, or would have, had the slot been free. */
  readonly isProvided: boolean;
}

type Next = Partial<Model> | string;

const letterOf = { org: '', provider: 'S', platform: 'P', system: 'C' };
const maySwitchOn = { org: '', provider: 'SC', platform: 'SPC', system: '' };

export function emptyModel(isSandbox: boolean): Model {
  return { isSandbox, now: 0, key: null, disabledBy: new Set(), terms: [], isProvided: true };
}

/** The next state, or the code of the refusal. */
export function nextOf(model: Model, step: Step): Next {
  switch (step.do) {
    case 'add':
      return model.key !== null ? 'KEY_EXISTS' : unlessOff(model, { key: step.key });
    case 'regenerate':
      return model.key === null ? 'KEY_NOT_FOUND' : unlessOff(model, { key: step.key });
    case 'delete':
      return model.key === null ? 'KEY_NOT_FOUND' : unlessOff(model, { key: null });
    case 'reveal':
      return model.key === null ? 'KEY_NOT_FOUND' : {};
    case 'edit':
      if (model.key === null) return 'KEY_NOT_FOUND';
      if (step.input === 'malformed') return 'INVALID_KEY_FORMAT';
      if (step.input === 'same') return 'KEY_UNCHANGED';
      if (model.isSandbox) return 'KEY_NOT_EDITABLE';
      return step.by === 'org' ? unlessOff(model, { key: step.key }) : unlessUnsubscribed(model, { key: step.key });
    case 'disable':
      if (step.by === 'org') return 'FORBIDDEN';
      if (step.isOther && !step.hasNote) return 'NOTE_REQUIRED';
      if (model.disabledBy.has(letterOf[step.by])) return 'ALREADY_DISABLED';
      return { disabledBy: new Set([...model.disabledBy, letterOf[step.by]]) };
    case 'enable': {
      if (step.by === 'org') return 'FORBIDDEN';
      if (!step.hasNote) return 'NOTE_REQUIRED';
      if (model.disabledBy.size === 0) return 'NOT_DISABLED';
      const disabledBy = new Set([...model.disabledBy].filter((letter) => !maySwitchOn[step.by].includes(letter)));
      return disabledBy.size === model.disabledBy.size ? 'FORBIDDEN' : { disabledBy };
    }
    case 'apply': {
      const term = { from: model.now + step.startsIn, to: model.now + step.endsIn };
      if (serviceOf(model) === 'running' || serviceOf(model) === 'to come') return 'SUBSCRIPTION_EXISTS';
      if (term.to <= term.from || step.endsIn <= 0) return 'VALIDATION_FAILED';
      return provided({ ...model, terms: [...model.terms, term], isProvided: false }, step.key);
    }
    case 'renew': {
      const term = model.terms.at(-1);
      const to = model.now + step.endsIn;
      if (term === undefined) return 'SUBSCRIPTION_REQUIRED';
      if (to <= term.to || to <= term.from || step.endsIn <= 0) return 'VALIDATION_FAILED';
      return { terms: [...model.terms.slice(0, -1), { ...term, to }] };
    }
    case 'cancel': {
      const term = model.terms.at(-1);
      if (term === undefined) return 'SUBSCRIPTION_REQUIRED';
      if (serviceOf(model) === 'over') return 'SUBSCRIPTION_EXPIRED';
      return { terms: [...model.terms.slice(0, -1), { ...term, to: model.now }] };
    }
    case 'wait':
      return provided({ ...model, now: model.now + step.for }, step.key);
  }
}

export function statusOf(model: Model): string {
  if (model.disabledBy.size > 0 || isLapsed(model)) return 'DISABLED';
  return model.key === null ? 'NONE' : 'ENABLED';
}

/** A subscription has ended, and none runs. */
export function isLapsed(model: Model): boolean {
  return serviceOf(model) !== 'running' && model.terms.some(({ to }) => to <= model.now);
}

function serviceOf({ terms, now }: Model): 'never' | 'to come' | 'running' | 'over' {
  const term = terms.at(-1);
  if (term === undefined) return 'never';
  if (now >= term.to) return 'over';
  return now >= term.from ? 'running' : 'to come';
}

function unlessOff(model: Model, next: Next): Next {
  return model.disabledBy.size > 0 ? 'KEY_DISABLED' : unlessUnsubscribed(model, next);
}

function unlessUnsubscribed(model: Model, next: Next): Next {
  const refusals = {
    running: null,
    never: 'SUBSCRIPTION_REQUIRED',
    'to come': 'SUBSCRIPTION_NOT_STARTED',
    over: 'SUBSCRIPTION_EXPIRED',
  };
  return refusals[serviceOf(model)] ?? next;
}

/** Decision 4: once, when a subscription starts, a free cloud service slot gets its key. */
function provided(model: Model, key: string): Model {
  if (model.isProvided || serviceOf(model) !== 'running') return model;
  const isFree = model.key === null && model.disabledBy.size === 0 && !model.isSandbox;
  return { ...model, isProvided: true, key: isFree ? key : model.key };
}
