import type { WorkOrder } from '../api/shapes.ts';
import type { Item } from './item.ts';

/** How far an order has come; what is not here is over. */
const stages: readonly string[] = ['issued', 'assigned', 'picked_up', 'on_site', 'installed', 'verified'];
const stageOf = (state: string): number => stages.indexOf(state);

export const isOver = (state: string): boolean => ['installed', 'verified', 'cancelled', 'failed'].includes(state);

/** Whether the hub has an order where a move wanted it, or further. */
const hasReached = (state: string, wanted: string): boolean =>
  state === wanted || (stageOf(wanted) >= 0 && stageOf(state) >= stageOf(wanted));

function ahead(state: string, item: Item): string {
  if (item.state === 'refused' || item.state === 'held') return state;
  const { deed } = item;
  if (deed.is === 'scan') return deed.scan.kind === 'install' && !isOver(state) ? 'installed' : state;
  if (deed.is !== 'move' || deed.body.state === undefined) return state;
  return hasReached(state, deed.body.state) ? state : deed.body.state;
}

/**
 * An order as the technician left it: what the hub said last, and what waits in the queue on top of it, so that work goes
 * on without signal. What was done after the hub was asked (`knownAt`) counts as well.
 */
export function stateAhead(order: WorkOrder, items: readonly Item[], knownAt: number): string {
  const mine = items.filter(({ lane, doneAt }) => lane === order.id && (doneAt === null || doneAt >= knownAt));
  return mine.reduce(ahead, order.state);
}

export type NextStep =
  | { readonly is: 'move'; readonly to: 'picked_up' | 'on_site' | 'installed' }
  | { readonly is: 'scan'; readonly kind: 'install' | 'replace' | 'remove' }
  | { readonly is: 'nothing'; readonly why: 'wait' | 'verified' | 'stopped' };

const scanKinds = ['install', 'replace', 'remove'] as const;

/** The one big button: what the technician does next with an order of this kind and state (spec A3, A4). */
export function nextStep(kind: string, state: string): NextStep {
  if (state === 'issued' || state === 'assigned') return { is: 'move', to: 'picked_up' };
  if (state === 'picked_up') return { is: 'move', to: 'on_site' };
  if (state === 'installed') return { is: 'nothing', why: 'wait' };
  if (state === 'verified') return { is: 'nothing', why: 'verified' };
  if (state !== 'on_site') return { is: 'nothing', why: 'stopped' };
  const scan = scanKinds.find((one) => one === kind);
  return scan ? { is: 'scan', kind: scan } : { is: 'move', to: 'installed' };
}
