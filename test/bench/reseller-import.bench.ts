/**
 * What 1,000 present customers out of a spreadsheet cost through HTTP, as CSV and as a workbook: the preview, and the run,
 * which is one transaction. Durable PostgreSQL. The floor of a run is one transaction of 3,000
 * small inserts (a customer, its line, an intent for each row), one after the other; that of a preview is the CSV's own.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import { resellerDeskRoutes } from '#features/reseller-desk/routes.ts';
import { createPresentCustomer } from '#journeys/import-customers.ts';
import { createOneAtATime } from '#journeys/one-at-a-time.ts';
import { checkPlace } from '#journeys/reseller-coverage.ts';
import { resellerPurse } from '#main/reseller-purse.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import { textCell, workbook } from '#test/features/workbook.ts';
import { callRaw } from '#test/setup/admin-app.ts';
import { createTestBridge } from '#test/setup/bridge.ts';
import { openOffice } from '#test/setup/office.ts';
import { median, printFigure, remark } from './figures.ts';
import { withThrowAway } from './throw-away.ts';

const size = 1_000;
const rounds = 1;

type Row = readonly string[];
const rowsOf = (round: string): readonly Row[] => [
  ['Nama', 'Telepon', 'Alamat', 'Paket'],
  ...Array.from({ length: size }, (_, i) => [
    `Pelanggan ${round} ${i}`,
    `08${round}${1_000_000 + i}`,
    'Jl. A',
    'Home 10',
  ]),
];
const csv = (rows: readonly Row[]): Buffer => Buffer.from(rows.map((row) => row.join(';')).join('\n'));
const xlsx = (rows: readonly Row[]): Buffer =>
  workbook(
    rows
      .map(
        (row, y) => `<row r="${y + 1}">${row.map((cell, x) => textCell(`${'ABCD'[x]}${y + 1}`, cell)).join('')}</row>`,
      )
      .join(''),
  );

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

await withThrowAway(async ({ folder, keep }) => {
  const postgres = keep(await startPostgres({ dir: join(folder, 'pg'), durable: true }), (it) => it.stop());
  const bridge = keep(await createTestBridge(postgres.url, 5), (it) => it.close());
  const office = await openOffice(bridge);
  const { id: tenant } = office.tenant;
  const reseller = randomUUID();
  await bridge.look('insert into resellers (tenant_id, id, name) values ($1, $2, $3)', [tenant, reseller, 'Toko Sari']);
  await bridge.look(
    `insert into users (tenant_id, email, name, role, password_hash, reseller_id)
     values ($1, 'sari@x.id', 'Sari', 'reseller', '-', $2)`,
    [tenant, reseller],
  );
  const routes = resellerDeskRoutes({
    db: bridge.db,
    clock: Date.now,
    modems: { online: () => Promise.reject(new Error()), lastSessions: () => Promise.reject(new Error()) },
    appendMessage: office.registering.appendMessage,
    purse: resellerPurse,
    checkPlace,
    addPresent: createPresentCustomer(office.around),
    inTurn: createOneAtATime(),
  });
  const call = callRaw(routes, office.tenant, 'reseller', reseller);

  async function send(file: Buffer, preview: boolean): Promise<void> {
    const { status, text } = await call('POST', `/reseller/customers/import?preview=${preview}`, file);
    const { good, bad, customers } = JSON.parse(text);
    if (status !== 200 || good !== size || bad > 0 || customers.length !== (preview ? 0 : size))
      throw new Error(`${status} ${text.slice(0, 300)}`);
  }
  const bare = (): Promise<unknown> =>
    bridge.db.tenant(tenant, async (tx) => {
      for (let i = 0; i < 3 * size; i++)
        await sql`insert into reseller_imports (tenant_id, reseller_id, digest, customers, imported_by)
          values (${tenant}, ${reseller}, ${randomBytes(32)}, 1, ${reseller})`.execute(tx);
    });

  const times = new Map<string, number[]>();
  const note = (name: string, ms: number): void => {
    remark(`${name}: ${ms.toFixed(0)} ms`);
    times.set(name, [...(times.get(name) ?? []), ms]);
  };
  for (let round = 0; round < rounds; round++) {
    for (const [name, write] of [
      ['csv', csv],
      ['xlsx', xlsx],
    ] as const) {
      const file = write(rowsOf(`${round}${name === 'csv' ? 1 : 2}`));
      note(`${name} preview`, await timed(() => send(file, true)));
      note(`${name} run`, await timed(() => send(file, false)));
    }
    note('bare', await timed(bare));
  }
  const of = (name: string): number => median(times.get(name) ?? []);
  for (const kind of ['csv', 'xlsx']) {
    const [preview, run] = [of(`${kind} preview`), of(`${kind} run`)];
    printFigure({ name: `reseller-import ${kind} preview`, value: preview, unit: 'ms', floor: of('csv preview') });
    printFigure({ name: `reseller-import ${kind} run`, value: run, unit: 'ms', floor: of('bare') });
  }
  remark(`${size} rows, ${rounds} round`);
});
