import { notesOf } from '#connectors/inventree/look.ts';
import { requestOf } from '#connectors/inventree/requests.ts';
import type { AssetTracker, MoveOrder, TrackedAsset } from '#ports/asset-tracker/port.ts';
import type { Inventree } from '#sandbox/inventree/create-inventree.ts';

/**
 * How a hub would be written that believes what it is answered: it does not look before or after, and asks again at once
 * when it hears nothing. The control of the tests that show why the real one looks.
 */
export function naiveMove({ url, token }: Inventree): AssetTracker['move'] {
  async function ask(order: MoveOrder): Promise<boolean | null> {
    const { path, body } = requestOf(order.wish, Number(order.ref), notesOf(order.operationId, order.by, order.note));
    const headers = { Authorization: `Token ${token}`, 'Content-Type': 'application/json' };
    try {
      const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      return answer.status >= 500 ? null : answer.ok;
    } catch {
      // No answer: it tries again.
      return null;
    }
  }

  return async (order) => {
    let isDone: boolean | null = null;
    for (let tries = 0; isDone === null && tries < 4; tries += 1) isDone = await ask(order);
    const asset: TrackedAsset = {
      ref: order.ref,
      part: { ref: '', name: '' },
      serial: order.serial,
      status: 'ok',
      at: { kind: 'nowhere' },
    };
    if (isDone) return { ok: true, value: { asset, outcome: 'done' } };
    return { ok: false, error: { reason: 'refused', refusal: 'elsewhere', detail: '', found: null } };
  };
}
