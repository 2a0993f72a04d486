import { describe, expect, inject, it } from 'vitest';
import { addDays, localDate } from '#domain/local-time.ts';
import { createRandom, type Random } from '#test/model/random.ts';
import { type ErpnextStage, lineItem, openErpnextStage } from '#test/pipeline/erpnext-stage.ts';
import { type TestLine, zone } from '#test/pipeline/test-hub.ts';

const scale = Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1');
const commits = Math.max(200, Math.round(3_000 * scale));
const writers = 20;
const minuteMs = 60_000;

/** One save of one document: stamped when it begins, seen when it commits. Times in ms since the start. */
type Save = { readonly customer: string; readonly isNew: boolean; readonly begin: number; readonly commit: number };

/** Writers that each do one save after the other; most are quick, one in five takes up to nine and a half minutes. */
function planSaves(random: Random): readonly Save[] {
  return Array.from({ length: writers }, (_, writer) => {
    let at = 0;
    return Array.from({ length: Math.ceil(commits / writers) }, (_each, n): Save => {
      const begin = at + random.int(20_000);
      const commit = begin + (random.int(5) === 0 ? random.int(570_000) : random.int(2_000));
      at = commit;
      return { customer: `W${writer}-${n}`, isNew: n % 2 === 0, begin, commit };
    });
  }).flat();
}

type Step = { readonly at: number; readonly act: () => void };

/** What the saves do to the site, in the order of time. */
function stepsOf({ erp }: ErpnextStage, saves: readonly Save[]): readonly Step[] {
  return saves
    .flatMap(({ customer, isNew, begin, commit }): readonly Step[] => {
      let slow: { commit(): void } | null = null;
      const save = (desk: Pick<typeof erp, 'insert' | 'update'>): void =>
        isNew
          ? void desk.insert('Customer', { customer_name: customer })
          : desk.update('Customer', customer, { mobile_no: '0899' });
      return [
        {
          at: begin,
          act: () => {
            slow = erp.slowly(save);
          },
        },
        { at: commit, act: () => slow?.commit() },
      ];
    })
    .sort((a, b) => a.at - b.at);
}

/** Customers that the bridge does not hold as ERPNext has them. */
async function missedOf(stage: ErpnextStage, saves: readonly Save[]): Promise<readonly string[]> {
  const rows = await stage.look<{ name: string; modified: string }>(
    `select name, modified from ledger_documents where tenant_id = $1 and doctype = 'Customer'`,
    [stage.tenantId],
  );
  const held = new Map(rows.map(({ name, modified }) => [name, modified]));
  return saves.flatMap(({ customer }) =>
    held.get(customer) === stage.erp.get('Customer', customer).modified ? [] : [customer],
  );
}

/** All saves with a poll each minute meanwhile, and two polls after the last; no webhook tells of any. */
async function play(overlapMs: number | null): Promise<{ readonly missed: number; readonly late: number }> {
  const stage = await openErpnextStage(inject('postgresUrl'), overlapMs === null ? {} : { overlapMs });
  const saves = planSaves(createRandom(20_260_907));
  for (const { customer, isNew } of saves) if (!isNew) stage.erp.createCustomer({ customer_name: customer });
  await stage.minute();
  const start = stage.time.now;
  let nextPoll = start + minuteMs;
  for (const { at, act } of stepsOf(stage, saves)) {
    while (start + at >= nextPoll) {
      stage.time.now = nextPoll - minuteMs;
      await stage.minute();
      nextPoll += minuteMs;
    }
    stage.time.now = start + at;
    act();
  }
  stage.time.now = nextPoll - minuteMs;
  await stage.minute(2);
  const missed = await missedOf(stage, saves);
  await stage.leave();
  return { missed: missed.length, late: saves.filter(({ begin, commit }) => commit - begin > minuteMs).length };
}

describe('REL-7: with every webhook lost', () => {
  it(`none of ${commits} commits by ${writers} writers is missed, though many come into sight with an old stamp`, async () => {
    const { missed, late } = await play(null);
    expect(late).toBeGreaterThan(commits / 20);
    expect(missed).toBe(0);
  }, 240_000);

  it('control: without an overlap the same commits are missed', async () => {
    const { missed } = await play(0);
    process.stdout.write(`REL-7 control: ${missed} of ${commits} commits missed without an overlap\n`);
    expect(missed).toBeGreaterThan(0);
  }, 240_000);

  it('what is due and what is paid is applied within two polls', async () => {
    const stage = await openErpnextStage(inject('postgresUrl'));
    const lines: TestLine[] = [];
    for (let n = 0; n < 8; n += 1) {
      stage.erp.createCustomer({ customer_name: `rel7-${n}` });
      lines.push(await stage.addLine(stage.tenantId, `rel7-${n}`));
    }
    await stage.minute(2);
    const due_date = addDays(localDate(stage.time.now, zone), -3);
    const states = () => Promise.all(lines.map((line) => stage.stateOf(line)));
    const all = (state: string) => lines.map(() => state);
    expect(await states()).toEqual(all('active'));
    const bills = lines.map(({ customer }) =>
      stage.erp.createInvoice({ customer, item: lineItem, amount: 150_000, due_date }),
    );
    await stage.minute(2);
    expect(await states()).toEqual(all('isolated'));
    for (const invoice of bills) stage.erp.pay({ invoice });
    await stage.minute(2);
    expect(await states()).toEqual(all('active'));
    await stage.leave();
  });
});
