import { putTogether } from '../support/put-together.ts';
import type { Decision } from './decision.ts';
import { accessDecisions } from './decisions/access.ts';
import { apiKeyDecisions } from './decisions/api-keys.ts';
import { dataPlaneDecisions } from './decisions/data-plane.ts';
import { fleetDecisions } from './decisions/fleet.ts';
import { noticeDecisions } from './decisions/notices.ts';
import { operationDecisions } from './decisions/operations.ts';
import { rotationDecisions } from './decisions/rotation.ts';
import type { Coordinate } from './schema-fields.ts';

/**
 * What the matrix does with each query, each mutation, and each field that takes arguments: an area of the schema is a file
 * of `decisions/`. A field that is in none, and an entry without a field, fail `decisions.test.ts`.
 */
export const decisions: Readonly<Record<Coordinate, Decision>> = putTogether(
  fleetDecisions,
  apiKeyDecisions,
  operationDecisions,
  rotationDecisions,
  accessDecisions,
  dataPlaneDecisions,
  noticeDecisions,
);
