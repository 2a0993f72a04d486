/**
 * What the reseller's page costs a phone: the bytes that its first load takes, as they travel, and the time until it can be
 * used, with the processor throttled four times; beside it a page of one line, in the same browser. The floor of the bytes
 * is the budget, so its ratio is what of it is used.
 */
import { launch } from '#test/pages/browser.ts';
import { buildPages } from '#test/pages/phone.ts';
import { logIn, openDeskHub } from '#test/reseller/desk-hub.ts';
import { measurePage } from './page-load.ts';
import { withThrowAway } from './throw-away.ts';

await withThrowAway(async (place) => {
  await buildPages();
  const hub = place.keep(await openDeskHub(), (it) => it.close());
  for (let i = 0; i < 20; i++) hub.desk.addCustomer({ name: `Pelanggan ${i}` });
  const browser = place.keep(await launch(), (it) => it.close());
  await measurePage(browser, { name: 'reseller', hub, logIn: (tini) => logIn(tini, hub), rounds: 5 });
});
