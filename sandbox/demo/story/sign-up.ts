import { waitUntil } from '../wait-until.ts';
import { customer, erpPlan, type Line, type Scene } from './scene.ts';

export type Subscriber = { readonly line: Line; readonly password: string };

async function lineOf({ hub }: Scene, erpSubscription: string): Promise<Line> {
  return waitUntil('the subscription becomes a line with its RADIUS account', async () => {
    const { data } = await hub.call<{ data: readonly Line[] }>('GET', 'subscriptions');
    const line = data.find((one) => one.erp_subscription === erpSubscription);
    const isApplied = line !== undefined && line.generation !== null && line.applied_generation === line.generation;
    return isApplied ? line : null;
  });
}

/** A Subscription is saved in ERPNext; customer, line and RADIUS account arise by themselves. */
export async function signUp(scene: Scene): Promise<Subscriber> {
  const { narrator, hub, erpnext } = scene;
  const subscription = erpnext.createSubscription({
    party: customer,
    plans: [erpPlan],
    jembatan_billing_mode: 'postpaid',
    jembatan_due_day: 20,
  });
  narrator.aside(
    `In ERPNext somebody saves ${subscription}: ${customer}, ${erpPlan}, postpaid. ERPNext sends its webhook.`,
  );
  const line = await narrator.step(
    (made) => `Customer, line and RADIUS account exist: username ${made.username}, state ${made.state}.`,
    () => lineOf(scene, subscription),
  );
  await narrator.step(
    () => `ERPNext's own document carries the username ${line.username} by now.`,
    () =>
      waitUntil('the username goes back to ERPNext', async () =>
        erpnext.get('Subscription', subscription).jembatan_username === line.username ? true : null,
      ),
  );
  const { password } = await hub.call<{ password: string }>('POST', `subscriptions/${line.id}/password`, {
    action: 'reveal',
  });
  return { line, password };
}
