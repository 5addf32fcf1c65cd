import type { Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import { ofProviders } from '../fleet/conditions.sql.ts';
import type { ServiceProviderRef, TrustedIssuerRef } from '../ids.ts';
import type { PageRequest } from '../page.ts';
import { trustedIssuerColumns } from './trusted-issuer.sql.ts';
import type { IssuerSettings, TrustedIssuer } from './trusted-issuer.ts';

type Row = Omit<TrustedIssuer, 'clientSecret'> & {
  readonly ciphertext: Buffer | null;
  readonly dataKeyVersion: number | null;
};

function toIssuer({ ciphertext, dataKeyVersion, ...row }: Row): TrustedIssuer {
  const clientSecret = ciphertext === null || dataKeyVersion === null ? null : { ciphertext, dataKeyVersion };
  return { ...row, clientSecret };
}

const one = `select ${trustedIssuerColumns} from trusted_issuer i where i.root_provider_id = $1 and i.id = $2`;

const find = statement<Row>('trusted_issuer.find', one);

export async function findTrustedIssuer(tx: Tx, ref: TrustedIssuerRef): Promise<TrustedIssuer | null> {
  const row = await tx.rowOrNull(find, [ref.rootProviderId, ref.trustedIssuerId]);
  return row === null ? null : toIssuer(row);
}

const lock = statement<Row>('trusted_issuer.lock', `${one} for update`);

export async function lockTrustedIssuer(tx: Tx, ref: TrustedIssuerRef): Promise<TrustedIssuer | null> {
  const row = await tx.rowOrNull(lock, [ref.rootProviderId, ref.trustedIssuerId]);
  return row === null ? null : toIssuer(row);
}

const hold = statement<Row>('trusted_issuer.hold', `${one} for share`);

/** Stays as it is until the transaction ends; others may hold it too. */
export async function holdTrustedIssuer(tx: Tx, ref: TrustedIssuerRef): Promise<TrustedIssuer | null> {
  const row = await tx.rowOrNull(hold, [ref.rootProviderId, ref.trustedIssuerId]);
  return row === null ? null : toIssuer(row);
}

/** By age: ids made later sort later. One longer than asked for. */
export async function findTrustedIssuerPage(
  tx: Tx,
  scope: Scope,
  serviceProvider: ServiceProviderRef | null,
  { first, after }: PageRequest,
): Promise<TrustedIssuer[]> {
  const conditions = ofProviders(scope, serviceProvider, 'i');
  if (after !== null) conditions.add('a', [after.id], (id) => `i.id > ${id}::uuid`);
  const page = statement<Row>(
    `trusted_issuer.page_${conditions.code}`,
    `select ${trustedIssuerColumns} from trusted_issuer i where ${conditions.where} order by i.id limit $${conditions.values.push(first + 1)}`,
  );
  return (await tx.rows(page, conditions.values)).map(toIssuer);
}

export async function countTrustedIssuers(
  tx: Tx,
  scope: Scope,
  serviceProvider: ServiceProviderRef | null,
): Promise<number> {
  const conditions = ofProviders(scope, serviceProvider, 'i');
  const sql = `select count(*)::int as count from trusted_issuer i where ${conditions.where}`;
  return (await tx.row(statement<{ count: number }>(`trusted_issuer.count_${conditions.code}`, sql), conditions.values))
    .count;
}

const insert = statement<never>(
  'trusted_issuer.insert',
  `insert into trusted_issuer (root_provider_id, id, provider_id, provider_path, name, issuer, audience, client_id,
     client_secret, data_key_version, role_claim, role_mapping, domains, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
);

/** Its issuer and audience also go into the directory. */
export async function insertTrustedIssuer(tx: Tx, issuer: TrustedIssuer): Promise<void> {
  await tx.count(insert, [
    issuer.rootProviderId,
    issuer.id,
    issuer.providerId,
    issuer.providerPath,
    issuer.name,
    issuer.issuer,
    issuer.audience,
    issuer.clientId,
    issuer.clientSecret?.ciphertext ?? null,
    issuer.clientSecret?.dataKeyVersion ?? null,
    issuer.roleClaim,
    JSON.stringify(issuer.roleMapping),
    issuer.domains,
    issuer.createdAt,
  ]);
}

const update = statement<never>(
  'trusted_issuer.update',
  `update trusted_issuer set name = $3, client_id = $4, client_secret = $5, data_key_version = $6, role_claim = $7,
     role_mapping = $8, domains = $9, disabled_at = $10
   where root_provider_id = $1 and id = $2`,
);

export async function updateTrustedIssuerRow(tx: Tx, ref: TrustedIssuerRef, settings: IssuerSettings): Promise<void> {
  const touched = await tx.count(update, [
    ref.rootProviderId,
    ref.trustedIssuerId,
    settings.name,
    settings.clientId,
    settings.clientSecret?.ciphertext ?? null,
    settings.clientSecret?.dataKeyVersion ?? null,
    settings.roleClaim,
    JSON.stringify(settings.roleMapping),
    settings.domains,
    settings.disabledAt,
  ]);
  if (touched !== 1) throw new Error('a locked trusted issuer is gone');
}

const remove = statement<never>(
  'trusted_issuer.delete',
  'delete from trusted_issuer where root_provider_id = $1 and id = $2',
);

/** Its people go first: see `deletePeopleOf`. */
export async function deleteTrustedIssuerRow(tx: Tx, ref: TrustedIssuerRef): Promise<void> {
  await tx.count(remove, [ref.rootProviderId, ref.trustedIssuerId]);
}
