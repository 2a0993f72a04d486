import { waitUntil } from '#sandbox/demo/wait-until.ts';
import { deliver } from './deliver.ts';
import { customer, erpPlan, type Installation } from './installation.ts';

export type Subscriber = { readonly id: string; readonly username: string; readonly erpSubscription: string };

type Line = {
  readonly id: string;
  readonly username: string;
  readonly generation: number | null;
  readonly applied_generation: number | null;
};

/** A line that arose from ERPNext, and its modem online; it dials again whenever it is dropped. */
export async function openSubscriber(at: Installation): Promise<Subscriber> {
  const { hub, erpnext, nas } = at;
  const subscription = { party: customer, plans: [erpPlan], jembatan_billing_mode: 'postpaid' } as const;
  const erpSubscription = erpnext.createSubscription(subscription);
  await deliver(at, 'after_insert', 'Subscription', erpSubscription);
  const { id, username } = await waitUntil('the line is in RADIUS', async () => {
    const { data } = await hub.call<{ data: readonly Line[] }>('GET', 'subscriptions');
    const [line] = data;
    return line && line.generation !== null && line.applied_generation === line.generation ? line : null;
  });
  const shown = await hub.call<{ password: string }>('POST', `subscriptions/${id}/password`, { action: 'reveal' });
  nas.behaviour({ autoRelogin: true });
  const dial = { username, password: shown.password, method: 'pap', mac: '4C:5E:0C:AA:BB:01' } as const;
  const { accepted } = await nas.login(dial);
  if (!accepted) throw new Error(`${username} was not let in`);
  return { id, username, erpSubscription };
}
