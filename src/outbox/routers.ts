import { isIP } from 'node:net';
import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { CoaTarget } from '#ports/enforcer/port.ts';

/** A router of the tenant, as far as orders to it need it. */
export type Nas = {
  readonly id: string;
  readonly name: string;
  readonly target: CoaTarget;
  /** How many orders a second it is given. */
  readonly perSecond: number;
  /** Rounds of tries in a row that it left unanswered. */
  readonly silences: number;
  /** How long it is not to be asked, in milliseconds; not above 0: it may be. */
  readonly restMs: number;
  /** In how many milliseconds its bucket is full by the orders of all processes; not above 0: it is. */
  readonly fullMs: number;
};

type Row = {
  readonly asked: string;
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly secret: string;
  readonly coa_address: string | null;
  readonly coa_port: number;
  readonly sign_coa: boolean;
  readonly orders_per_second: number;
  readonly silences: number;
  readonly rest_ms: number | null;
  readonly full_ms: number | null;
};

/** The rows of the tenant's routers at these addresses, however they are spelt. */
export const readRouters = async (tx: Tx, tenantId: string, addresses: readonly string[]): Promise<readonly Row[]> =>
  (
    await sql<Row>`
    select a.asked, n.id, n.name, n.address, n.secret, n.coa_address, n.coa_port, n.sign_coa, n.orders_per_second, n.silences,
      (extract(epoch from n.next_try_at - now()) * 1000)::float8 as rest_ms,
      (extract(epoch from n.paced_until - clock_timestamp()) * 1000)::float8 as full_ms
    from unnest(${addresses.filter((address) => isIP(address) !== 0)}::text[]) a (asked)
    join nas n on n.tenant_id = ${tenantId} and n.address = a.asked::inet`.execute(tx)
  ).rows;

/** By the address that was asked for. */
export const routersOf = (rows: readonly Row[], vault: TenantVault): ReadonlyMap<string, Nas> =>
  new Map(
    rows.map((nas): [string, Nas] => {
      const secret = vault.open(nas.secret, { table: 'nas', column: 'secret', row: nas.id });
      const target = { host: nas.coa_address ?? nas.address, port: nas.coa_port, secret, signed: nas.sign_coa };
      const { id, name, orders_per_second: perSecond, silences } = nas;
      const [restMs, fullMs] = [nas.rest_ms ?? 0, nas.full_ms ?? 0];
      return [nas.asked, { id, name, target, perSecond, silences, restMs, fullMs }];
    }),
  );
