import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createInventree } from '../create-inventree.ts';
import { pluginSignature } from './event-plugin.ts';

it('tells of each move with a signature over the very bytes, again under a new id until it is taken, and gives up in the end', async () => {
  const heard: { readonly body: string; readonly signature: string | undefined }[] = [];
  let refusals = 2;
  const hub = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      heard.push({ body, signature: request.headers['x-hub-signature-256'] as string | undefined });
      refusals -= 1;
      response.writeHead(refusals < 0 ? 202 : 503).end();
    });
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const site = await createInventree();
  const [warehouse, bag] = [site.addLocation({ name: 'Warehouse' }), site.addLocation({ name: 'Bag' })];
  const [unit] = site.addItems(site.addPart({ name: 'ONT' }), warehouse, ['SN1']);
  const url = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/`;
  const plugin = site.addPlugin({ url, secret: 's', events: ['stockitem.moved'], pauseMs: 1 });
  const move = (location: number): unknown =>
    site.person('POST', '/api/stock/transfer/', { items: [{ pk: unit, quantity: 1 }], location });

  move(bag);
  await plugin.idle();
  const bodies = heard.map((one) => JSON.parse(one.body));
  expect(heard.every((one) => one.signature === pluginSignature('s', one.body))).toBe(true);
  expect(new Set(bodies.map((one) => one.id)).size).toBe(3);
  const kwargs = { id: unit, old_location: warehouse, new_location: bag, quantity: '1.00000' };
  expect(bodies.at(-1)).toMatchObject({ event: 'stockitem.moved', args: [], kwargs });
  expect(plugin.lost()).toEqual([]);

  refusals = 99;
  move(warehouse);
  await plugin.idle();
  expect(heard).toHaveLength(8);
  expect(plugin.lost()).toHaveLength(1);
  await site.stop();
  await new Promise((resolve) => hub.close(resolve));
});
