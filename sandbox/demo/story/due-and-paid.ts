import { customer, feeRupiah, item, type Scene } from './scene.ts';
import type { Subscriber } from './sign-up.ts';
import { sumUp, type Turn, tellTurn, turnTo } from './turn.ts';

const dayMs = 86_400_000;
const rupiah = (amount: number): string => `Rp ${amount.toLocaleString('id')}`;

/** Two days past its due date in every zone: a postpaid line is cut at 00:01 of the day after. */
const pastDueDate = (): string => new Date(Date.now() - 3 * dayMs).toISOString().slice(0, 10);

function demandRate(turn: Turn, wanted: (rate: string | null) => boolean, where: string): void {
  if (turn.packets && !wanted(turn.packets.session.rateLimit))
    throw new Error(`The new session has the rate ${turn.packets.session.rateLimit}, not that of ${where}.`);
}

/** The bill falls due, the line is walled in; the bill is paid, the line is free. `planRate`: null without logins. */
export async function dueAndPaid(
  scene: Scene,
  { line }: Subscriber,
  planRate: string | null,
): Promise<readonly string[]> {
  const { narrator, erpnext } = scene;
  narrator.chapter('The bill falls due');
  const due = pastDueDate();
  narrator.aside(
    `A bill of ${rupiah(feeRupiah)}, due on ${due}, is submitted: its due date has passed already, so that nobody\nhas to wait for it here. (The hub's own clock does the same at 00:01 of the day, with no event at all.)`,
  );
  let invoice = '';
  const cut = await turnTo(scene, line, 'isolated', () => {
    const subscription = line.erp_subscription ?? '';
    invoice = erpnext.createInvoice({ customer, item, amount: feeRupiah, due_date: due, subscription });
  });
  tellTurn(scene, cut, 'Bill');
  demandRate(cut, (rate) => rate !== planRate, 'the walled garden');

  narrator.chapter('The bill is paid');
  narrator.aside(`${customer} pays ${invoice}; ERPNext sends the Payment Entry's webhook.`);
  const back = await turnTo(scene, line, 'active', () => erpnext.pay({ invoice }));
  tellTurn(scene, back, 'Payment');
  demandRate(back, (rate) => rate === planRate, 'the plan');
  return [sumUp(cut, 'from the bill'), sumUp(back, 'from the payment')];
}
