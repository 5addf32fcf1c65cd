import { registerEnumType } from 'type-graphql';
import { enumOf } from '../graphql/enum.ts';
import { roles } from './permissions.ts';

export const RoleEnum = enumOf(roles);
registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'The roles that come with the product. Providers may have custom roles besides.',
});
