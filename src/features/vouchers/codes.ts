import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { voucherSecret, voucherSymbols } from '#domain/voucher-code.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { NewVoucher } from './store.ts';

/** So many are sealed or opened before others get a turn: a batch of ten thousand must not stop the process. */
const slice = 200;

const sealedPlace = (id: string) => ({ table: 'vouchers', column: 'code_sealed', row: id });

/** What a code is found by: nobody who reads the database can tell the code, or try codes without the tenant's key. */
export const hashOf = (vault: TenantVault, secret: string): Buffer => vault.blindIndex(secret, 'vouchers.code');

function newVoucher(vault: TenantVault, no: number): NewVoucher {
  const id = randomUUID();
  const secret = voucherSecret(randomBytes(voucherSymbols));
  return { id, no, hash: hashOf(vault, secret), sealed: vault.seal(secret, sealedPlace(id)) };
}

/** `count` vouchers numbered from 1, in slices. */
export async function* newVouchers(vault: TenantVault, count: number): AsyncGenerator<readonly NewVoucher[]> {
  for (let first = 1; first <= count; first += slice) {
    yield Array.from({ length: Math.min(slice, count - first + 1) }, (_, i) => newVoucher(vault, first + i));
    await setImmediate();
  }
}

type Sealed = { readonly id: string; readonly no: number; readonly code_sealed: string | null };
export type OpenedCode = { readonly no: number; readonly secret: string };

/** The secrets of vouchers, in the order given. */
export async function openedCodes(vault: TenantVault, sealed: readonly Sealed[]): Promise<readonly OpenedCode[]> {
  const opened: OpenedCode[] = [];
  for (const { id, no, code_sealed } of sealed) {
    if (code_sealed !== null) opened.push({ no, secret: vault.open(code_sealed, sealedPlace(id)) });
    if (opened.length % slice === 0) await setImmediate();
  }
  return opened;
}
