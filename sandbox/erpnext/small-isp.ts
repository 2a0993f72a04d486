import { createErpnext, type Erpnext, type ErpnextOptions } from './create-erpnext.ts';
import { type Received, type Receiver, type ReceiverAnswer, startReceiver } from './webhooks/receiver.ts';

export const alice = 'Alice Fiber';
export const fiberItem = 'FIBER-50M';
export const fiberPlan = 'FIBER-50M-PLAN';
export const hookSecret = 's3cret';

/** Retries as on a real site, a hundred times faster; the timeout is long, for a machine that is busy with other tests. */
const quickDelays = { send: 0, retry1: 12, retry2: 40, timeout: 3000 };

/** A small ISP: one item, one plan, one customer, made before anybody listens. */
export async function smallIsp(options: ErpnextOptions = {}): Promise<Erpnext> {
  const erp = await createErpnext({ delaysMs: quickDelays, ...options });
  erp.createItem({ item_code: fiberItem, item_name: 'Fiber 50M monthly' });
  erp.createPlan({ name: fiberPlan, item: fiberItem, cost: 150_000 });
  erp.createCustomer({ customer_name: alice, mobile_no: '+6281200000001' });
  return erp;
}

export type HeardIsp = { readonly erp: Erpnext; readonly receiver: Receiver; stop(): Promise<void> };

/** The same with a receiver that hears all the usual webhooks. */
export async function heardIsp(
  options: ErpnextOptions = {},
  answer?: (received: Received, nth: number) => ReceiverAnswer,
): Promise<HeardIsp> {
  const erp = await smallIsp(options);
  const receiver = await startReceiver(answer);
  erp.addWebhooks({ url: receiver.url, secret: hookSecret });
  return {
    erp,
    receiver,
    stop: async () => {
      await erp.stop();
      await receiver.stop();
    },
  };
}
