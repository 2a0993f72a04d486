import { z } from 'zod';
import { err, ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { PaidBy } from '#ports/ledger/push.ts';
import type { ErpnextClient } from '../client.ts';
import { optionalText } from '../field-shapes.ts';
import type { ErpnextMapping } from '../mapping.ts';
import type { Company } from './company.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;
export type PaidTo = { readonly account: string; readonly mode: string | null };

const modeShape = z.object({
  accounts: z.array(z.object({ company: optionalText, default_account: optionalText })).nullish(),
});

/** Where money of a kind goes: the account of its Mode of Payment, else the company's own for cash or for the bank. */
export async function paidToOf(
  client: ErpnextClient,
  modes: ErpnextMapping['mode_of_payment'],
  method: PaidBy,
  company: Company,
): Answer<PaidTo> {
  const name = modes[method];
  const document = name === undefined ? ok(null) : await client.document('Mode of Payment', name);
  if (!document.ok) return document;
  const read = document.value === null ? null : modeShape.safeParse(document.value);
  const mode = read?.success ? (name ?? null) : null;
  const rows = read?.success ? (read.data.accounts ?? []) : [];
  const own = rows.find((row) => row.company === company.name)?.default_account;
  const { default_cash_account: cash, default_bank_account: bank } = company;
  const account = own ?? (method === 'cash' ? (cash ?? bank) : (bank ?? cash));
  if (account) return ok({ account, mode });
  const detail = `where ${method} goes is not known: give ${company.name} a default bank and cash account in ERPNext`;
  return err({ reason: 'rejected', detail });
}
