import type { Settings } from '#http/client/rooms/settings.ts';
import { ask } from '../../app/api/ask.ts';
import { session } from '../../app/api/session.ts';
import { forgetKept, keep, readKept } from '../../app/kept/database.ts';
import { createStored, useStored } from '../../app/kept/stored.ts';
import { readable } from './readable.ts';

/** Whose page it is for the shop and its customers: the ISP's name, colour and logo, and its money. */
export type Brand = {
  readonly name: string;
  readonly colour: string | null;
  readonly logo: Blob | null;
  readonly currency: string;
  readonly instructions: string | null;
};

const key = 'brand';
const none: Brand = { name: '', colour: null, logo: null, currency: 'IDR', instructions: null };

const brand = createStored<Brand>(none);
export const useBrand = (): Brand => useStored(brand);

function show(next: Brand): void {
  const colour = readable(next.colour);
  const { style } = document.documentElement;
  if (colour === null) style.removeProperty('--color-deep');
  else style.setProperty('--color-deep', colour);
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', colour ?? '#0b4f8a');
  brand.write(next);
}

const api = '/api/v1/';

/** The uploaded one alone: one on another host would tell that host of each who looks. */
async function logoOf(address: string | null | undefined): Promise<Blob | null> {
  if (!address?.startsWith(api)) return null;
  const outcome = await ask<unknown>('GET', address.slice(api.length));
  return outcome.is === 'done' && outcome.body instanceof Blob ? outcome.body : null;
}

async function load(): Promise<void> {
  const outcome = await ask<Settings>('GET', 'settings');
  if (outcome.is !== 'done') return;
  const { branding, currency = none.currency, payment_instructions: instructions = null } = outcome.body;
  const next: Brand = {
    name: branding?.name ?? '',
    colour: branding?.colour ?? null,
    logo: await logoOf(branding?.logo),
    currency,
    instructions,
  };
  await keep(key, next);
  show(next);
}

/** As the phone last knew it, at once; then as the hub says, and again after each login. Logged out, it is nobody's. */
export async function followBrand(): Promise<void> {
  const kept = await readKept<Brand>(key);
  if (kept && session.read()) show(kept);
  let of: string | undefined;
  const follow = (): void => {
    const userId = session.read()?.user.id;
    if (userId === of) return;
    of = userId;
    if (userId !== undefined) return void load();
    show(none);
    void forgetKept(key);
  };
  session.subscribe(follow);
  follow();
}
