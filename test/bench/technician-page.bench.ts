/**
 * What the technician's page costs a phone: the bytes that its first load takes before the scanner's wasm, as they travel,
 * and the time until it can be used, with the processor throttled four times; beside it a page of one line, in the same
 * browser. The floor of the bytes is the budget, so its ratio is what of it is used.
 */
import { launch } from '#test/pages/browser.ts';
import { buildPages } from '#test/pages/phone.ts';
import { logIn, openFieldHub } from '#test/technician/field-hub.ts';
import { measurePage } from './page-load.ts';
import { withThrowAway } from './throw-away.ts';

await withThrowAway(async (place) => {
  await buildPages();
  const hub = place.keep(await openFieldHub(), (it) => it.close());
  const house = { phone: '0812', address: 'Jl. Melati 5', latitude: -6.3, longitude: 107.3 };
  for (let i = 0; i < 20; i++) hub.office.addOrder({ customer: { name: `Pelanggan ${i}`, ...house } });
  const browser = place.keep(await launch(), (it) => it.close());
  await measurePage(browser, { name: 'technician', hub, logIn: (budi) => logIn(budi, hub), rounds: 9 });
});
