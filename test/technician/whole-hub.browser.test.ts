import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { lockedMac } from '#domain/mac.ts';
import type { Explanation } from '#features/subscriptions/schema.ts';
import { eventually } from '#test/pipeline/eventually.ts';
import { type Client, logIn } from '#test/pipeline/http-client.ts';
import { type Office, type RunningHub, startRunningHub } from '#test/pipeline/running-hub.ts';
import { usualBrowser } from '../pages/browser.ts';
import { buildPages, enter, type Phone, phone } from '../pages/phone.ts';

const weekMs = 7 * 24 * 3_600_000;
const first = { serial: 'ZTEGC8D2F011', mac: '4C:5E:0C:AA:BB:01' };
const second = { serial: 'ZTEGC8D2F012', mac: '4C:5E:0C:AA:BB:02' };
const people = { password: 'correct horse' };

let hub: RunningHub;
let office: Office;
let browser: Browser;
let ahead = 0;
const clock = (): number => Date.now() + ahead;

beforeAll(async () => {
  await buildPages();
  const [postgresUrl, radiusServerUrl] = [inject('postgresUrl'), inject('mariadbUrl')];
  hub = await startRunningHub({ postgresUrl, radiusServerUrl, flavor: 'mysql', clock });
  office = await hub.addOffice('satu');
  browser = await usualBrowser();
}, 180_000);
afterAll(async () => {
  await hub?.close();
});

type Person = { readonly id: string; readonly email: string; readonly client: Client };

async function employ(name: string, role: string): Promise<Person> {
  const user = { ...people, email: `${role}@satu.example`, name, role };
  const { id } = await office.admin.post<{ id: string }>('auth/register', { ...user, tenant_id: office.tenantId });
  return { id, email: user.email, client: await logIn(hub.url, { ...user, subdomain: office.subdomain }) };
}

type Line = { readonly id: string; readonly username: string; readonly customer: string };

async function register(): Promise<Line> {
  const plan = { name: 'Home 50', speed_download: 50, speed_upload: 25, price: 150_000 };
  const { id: service_plan_id } = await office.admin.post<{ id: string }>('service-plans', plan);
  const form = { name: 'Siti Aminah', phone: '0812-3456-7890', address: 'Jl. Melati 5', service_plan_id };
  type Registered = { readonly id: string; readonly subscription: Omit<Line, 'customer'> };
  const { id: customer, subscription } = await office.admin.post<Registered>('customers', form);
  const { id, username } = subscription;
  return { id, username, customer };
}

/** Which modem FreeRADIUS lets in, by the rows it reads. */
async function lockOf({ username }: Line): Promise<readonly (string | null)[]> {
  const attribute = 'Calling-Station-Id';
  const query = sql`select op, value from radcheck where username = ${username} and attribute = ${attribute}`;
  const rows = await hub.radius.rows(query);
  return rows.map(({ op, value }) => lockedMac({ attribute, op: op ?? '', value: value ?? '' }));
}

type Wish = Readonly<Record<string, string>>;

async function scanAt({ client }: Person, wish: Wish): Promise<void> {
  const scanned_at = new Date(clock()).toISOString();
  const { id } = await client.post<{ id: string }>('scans', { ...wish, scanned_at });
  await eventually(
    () => client.get<{ status: string }>(`scans/${id}`),
    ({ status }) => status === 'done',
  );
}

/** What became of a unit, the oldest first. */
async function movesOf(serial: string): Promise<readonly string[]> {
  const { data } = await office.admin.get<{ data: readonly { id: string }[] }>(`assets?search=${serial}`);
  type Moves = { readonly data: readonly { readonly kind: string; readonly happened_at: string }[] };
  const moves = await office.admin.get<Moves>(`assets/${data[0]?.id}/moves`);
  return moves.data.toSorted((a, b) => a.happened_at.localeCompare(b.happened_at)).map(({ kind }) => kind);
}

const stepDone = (hp: Phone, step: string): Promise<void> =>
  hp.page
    .getByRole('listitem')
    .filter({ hasText: `${step} beres` })
    .waitFor();

/** From the list of orders to the camera. */
async function goToHouse(hp: Phone): Promise<void> {
  await hp.goTo('orders');
  await hp.press(/Siti Aminah/);
  await hp.press('Ambil tugas ini');
  await hp.press('Saya sudah di lokasi');
}

describe('the technician’s page on a whole hub', { timeout: 240_000 }, () => {
  let budi: Person;
  let gudang: Person;
  let line: Line;

  const order = (kind: string) =>
    office.admin.post('work-orders', { kind, customer_id: line.customer, technician_id: budi.id });
  const logInAs = async ({ email }: Person, heading: string): Promise<Phone> => {
    const hp = await phone(browser, hub, { camera: false });
    await hp.context.clock.setSystemTime(clock());
    const home = { folder: 'technician', heading };
    await enter(hp, hub.url, { subdomain: office.subdomain, email, ...people }, home);
    return hp;
  };
  const logInBudi = (): Promise<Phone> => logInAs(budi, 'Tugas');
  beforeAll(async () => {
    budi = await employ('Budi', 'technician');
    gudang = await employ('Gudang', 'warehouse');
    line = await register();
    await gudang.client.post('assets', { part: 'ONT ZTE F609', units: [first, second] });
  });

  it('A2, A4, A5: the warehouse hands over, the phone picks up and installs, the line is locked to the modem', async () => {
    const desk = await logInAs(gudang, 'Mau apa?');
    await desk.press(/^Serahkan ke teknisi/);
    await desk.press('Budi');
    await desk.type(first.serial);
    await desk.press('Scan berikutnya');
    await desk.type(second.serial);
    await desk.page.getByText('Terkirim', { exact: true }).nth(1).waitFor();
    expect([desk.complaints, desk.outside]).toEqual([[], []]);
    await desk.context.close();
    await order('install');
    const hp = await logInBudi();
    await hp.goTo('scan/pick_up');
    await hp.type(first.serial);
    await hp.press('Ya, terima');
    await hp.says('Semua terkirim');
    await hp.goTo('bag');
    await hp.says(first.mac);
    await goToHouse(hp);
    await hp.press('Scan modem');
    await hp.type(`S/N: ${first.serial}; MAC: 4c5e.0caa.bb01`);
    await hp.says(first.mac);
    await hp.press('Ya, pasang');
    await stepDone(hp, 'MAC dikunci');
    await stepDone(hp, 'Layanan aktif');
    expect(await lockOf(line)).toEqual([first.mac]);
    const { data } = await office.admin.get<{ data: readonly { state: string }[] }>('work-orders');
    expect(data.map(({ state }) => state)).toEqual(['installed']);
    expect([hp.complaints, hp.outside]).toEqual([[], []]);
    await hp.context.close();
  });

  it('A6, R3: a week later the page offers to replace the modem that the line has; the lock follows, the old one goes back', async () => {
    ahead += weekMs;
    await order('replace');
    const hp = await logInBudi();
    await goToHouse(hp);
    await hp.press('Scan modem lama');
    await hp.press('Modem lama tidak ada');
    await hp.type(second.serial);
    await hp.press('Ya, pasang');
    await hp.says(`sudah memakai modem ${first.serial}`);
    expect(await lockOf(line)).toEqual([first.mac]);
    await hp.press(`Ganti modem lama ${first.serial}`);
    await stepDone(hp, 'Modem lama dilepas');
    await stepDone(hp, 'MAC dikunci');
    expect(await lockOf(line)).toEqual([second.mac]);

    await hp.goTo('bag');
    await hp.says(first.serial);
    await hp.goTo('scan/return');
    await hp.type(first.serial);
    await hp.press('Ya, kembalikan');
    const returned = hp.page.locator('section').filter({ hasText: 'Kembalikan' });
    await returned.getByText('Terkirim', { exact: true }).waitFor();
    await scanAt(gudang, { kind: 'return', code: first.serial, client_ref: 'back' });
    await hp.goTo('bag');
    await hp.says('Tas kosong.');
    const kinds = ['goods_in', 'hand_over', 'pick_up', 'install', 'uninstall', 'to_warehouse'];
    expect(await movesOf(first.serial)).toEqual(kinds);
    const { timeline } = await office.admin.get<Explanation>(`subscriptions/${line.id}/explain`);
    const told = timeline.filter(({ kind }) => kind === 'modem').map(({ text }) => text.replace(/ \(.*\)/, ''));
    expect(told).toEqual([
      `Modem ${first.serial} was installed by Budi.`,
      `Modem ${first.serial} was taken out by Budi.`,
      `Modem ${second.serial} was installed by Budi.`,
    ]);

    await hp.goTo('queue');
    await hp.press('Batalkan pemasangan');
    await hp.press('Batalkan pemasangan');
    await eventually(
      () => lockOf(line),
      (locks) => locks.length === 0,
    );
    expect([hp.complaints, hp.outside]).toEqual([[], []]);
    await hp.context.close();
  });
});
