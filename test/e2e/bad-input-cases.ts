import { putTogether } from '../support/put-together.ts';
import { accessCases } from './bad-input-cases/access.ts';
import { apiKeyCases } from './bad-input-cases/api-keys.ts';
import { dataPlaneCases } from './bad-input-cases/data-plane.ts';
import { fleetCases } from './bad-input-cases/fleet.ts';
import { noticeCases } from './bad-input-cases/notices.ts';
import { operationCases } from './bad-input-cases/operations.ts';
import { rotationCases } from './bad-input-cases/rotation.ts';
import type { Case } from './bad-input-cases/setting.ts';

/** By mutation; an area of the schema is a file. */
export const cases: Readonly<Record<string, Case>> = putTogether(
  fleetCases,
  apiKeyCases,
  operationCases,
  rotationCases,
  accessCases,
  dataPlaneCases,
  noticeCases,
);
