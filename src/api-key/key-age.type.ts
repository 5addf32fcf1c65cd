import { registerEnumType } from 'type-graphql';
import { enumOf } from '../graphql/enum.ts';
import { rotationStates } from './key-age.ts';

export const RotationStateEnum = enumOf(rotationStates);
registerEnumType(RotationStateEnum, {
  name: 'RotationState',
  description:
    '`UPCOMING`: due within the longest lead time of the policy. `DUE`: to be rotated in the next window. `OVERDUE`: a window has gone by since.',
});
