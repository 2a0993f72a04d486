import { playCycle } from './latency/cycle.ts';
import { openInstallation } from './latency/installation.ts';
import { openSubscriber } from './latency/subscriber.ts';
import { withThrowAway } from './throw-away.ts';
import { once } from 'node:events';
import { deliver } from './latency/deliver.ts';
import { PerformanceObserver, monitorEventLoopDelay } from 'node:perf_hooks';
await withThrowAway(async (place) => {
  const at = await openInstallation(place);
  const s = await openSubscriber(at);
  for (let i = 0; i < 25; i++) await playCycle(at, s);
  const res = [];
  for (let i = 0; i < 30; i++) {
    const inv = at.erpnext.createInvoice({ customer: 'Budi Santoso', item: 'FIBER-50M', amount: 150000, due_date: '2026-11-18', subscription: s.erpSubscription });
    const ack = once(at.nas.events, 'order'); const back = once(at.nas.events, 'login');
    const c0 = process.cpuUsage(); const t0 = performance.now(); const e0 = performance.eventLoopUtilization();
    await deliver(at, 'on_submit', 'Sales Invoice', inv);
    await ack; const t = performance.now() - t0; const c = process.cpuUsage(c0); const e = performance.eventLoopUtilization(e0);
    res.push([t, (c.user + c.system) / 1000, e.utilization]);
    await back;
    const b2 = once(at.nas.events, 'login');
    const p = at.erpnext.pay({ invoice: inv }); await deliver(at, 'on_submit', 'Payment Entry', p); await b2;
  }
  res.sort((a, b) => a[0] - b[0]);
  console.log(res.map((r) => r.map((x) => x.toFixed(2)).join(' ')).join('\n'));
});
