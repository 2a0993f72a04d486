import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#test/pipeline/eventually.ts';
import { type Client, logIn } from '#test/pipeline/http-client.ts';
import { type Office, type RunningHub, startRunningHub } from '#test/pipeline/running-hub.ts';
import { buildPages, enter, launch, phone } from './phone.ts';

const serial = 'ZTEGC8D2F011';
const mac = '4C:5E:0C:AA:BB:01';
const people = { password: 'correct horse' };

let hub: RunningHub;
let office: Office;
let browser: Browser;

beforeAll(async () => {
  await buildPages();
  const [postgresUrl, radiusServerUrl] = [inject('postgresUrl'), inject('mariadbUrl')];
  hub = await startRunningHub({ postgresUrl, radiusServerUrl, flavor: 'mysql' });
  office = await hub.addOffice('satu');
  browser = await launch(null);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

async function employ(
  name: string,
  role: string,
): Promise<{ readonly id: string; readonly email: string; readonly client: Client }> {
  const user = { ...people, email: `${role}@satu.example`, name, role };
  const { id } = await office.admin.post<{ id: string }>('auth/register', { ...user, tenant_id: office.tenantId });
  return { id, email: user.email, client: await logIn(hub.url, { ...user, subdomain: office.subdomain }) };
}

type Line = { readonly id: string; readonly customer: string };

async function register(): Promise<Line> {
  const plan = { name: 'Home 50', speed_download: 50, speed_upload: 25, price: 150_000 };
  const { id: service_plan_id } = await office.admin.post<{ id: string }>('service-plans', plan);
  const form = { name: 'Siti Aminah', phone: '0812-3456-7890', address: 'Jl. Melati 5', service_plan_id };
  const { id, subscription } = await office.admin.post<{ id: string; subscription: { id: string } }>('customers', form);
  return { id: subscription.id, customer: id };
}

describe('the technician’s page on a whole hub', { timeout: 240_000 }, () => {
  it('A2, A4, A5: the warehouse hands over, the phone picks up and installs, the line is locked to the modem', async () => {
    const budi = await employ('Budi', 'technician');
    const gudang = await employ('Gudang', 'warehouse');
    const line = await register();
    await gudang.client.post('assets', { part: 'ONT ZTE F609', units: [{ serial, mac }] });
    const handOver = { kind: 'hand_over', code: serial, client_ref: 'g1', technician_id: budi.id };
    await gudang.client.post('scans', { ...handOver, scanned_at: new Date().toISOString() });
    const order = { kind: 'install', customer_id: line.customer, technician_id: budi.id, notes: 'Pagar hijau' };
    await office.admin.post('work-orders', order);

    const hp = await phone(browser, hub, { camera: false });
    await enter(hp, hub.url, { subdomain: office.subdomain, email: budi.email, ...people });
    await hp.goTo('scan/pick_up');
    await hp.type(serial);
    await hp.press('Ya, terima');
    await hp.says('Semua terkirim');
    await hp.goTo('bag');
    await hp.says(mac);
    await hp.goTo('orders');
    await hp.press(/Siti Aminah/);
    await hp.press('Ambil tugas ini');
    await hp.press('Saya sudah di lokasi');
    await hp.press('Scan modem');
    await hp.type(`S/N: ${serial}; MAC: 4c5e.0caa.bb01`);
    await hp.says(mac);
    await hp.press('Ya, pasang');
    await hp.page.getByRole('listitem').filter({ hasText: 'MAC dikunci beres' }).waitFor();
    await hp.page.getByRole('listitem').filter({ hasText: 'Layanan aktif beres' }).waitFor();

    const [locked] = await hub.look<{ mac: string }>('select mac from subscriptions where id = $1', [line.id]);
    expect(locked?.mac).toBe(mac);
    const { data } = await office.admin.get<{ data: readonly { state: string }[] }>('work-orders');
    expect(data.map(({ state }) => state)).toEqual(['installed']);
    await hp.press('Batalkan pemasangan');
    await hp.press('Batalkan pemasangan');
    const unlocked = await eventually(
      () => hub.look<{ mac: string | null }>('select mac from subscriptions where id = $1', [line.id]),
      ([row]) => row?.mac === null,
    );
    expect(unlocked).toHaveLength(1);
    expect([hp.complaints, hp.outside]).toEqual([[], []]);
    await hp.context.close();
  });
});
