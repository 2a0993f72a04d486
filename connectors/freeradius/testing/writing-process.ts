import { createFreeradiusEnforcer } from '../enforcer.ts';
import { acknowledging } from './subject.ts';
import { wish } from './wishes.ts';

/** One hub process among several: applies what its parent sends it and tells what came of it. Started by tests alone. */
const enforcer = createFreeradiusEnforcer({ databaseUrl: String(process.argv[2]), coa: acknowledging });

type Order = { readonly username: string; readonly generation: string; readonly group: string };

process.on('message', (order: Order) => {
  void enforcer.applyUsers([wish(order.username, BigInt(order.generation), order.group)]).then((answer) => {
    process.send?.(answer.ok ? (answer.value[0]?.outcome ?? 'none') : answer.error.detail);
  });
});
process.on('disconnect', () => void enforcer.close());
void enforcer.test().then((answer) => process.send?.(answer.ok ? 'ready' : answer.error.detail));
