import { z } from '@hono/zod-openapi';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const uuid = z.uuid();

export const UploadQuery = z.object({
  name: filledText(100).openapi({ description: 'Of which account and month, for colleagues', example: 'BCA November' }),
  delimiter: z.enum([',', ';', '|', 'tab']).optional().openapi({ description: 'Left out: found out' }),
  decimal: z.enum(['.', ',']).optional().openapi({ description: 'What stands before the cents; left out: found out' }),
});
export type UploadQuery = z.infer<typeof UploadQuery>;

const Skipped = z.object({ no: z.int(), why: z.string() });
export const Uploaded = z
  .object({
    id: uuid,
    name: z.string(),
    lines: z.int(),
    new_lines: z.int().openapi({ description: 'Those that no statement before it had' }),
    skipped: z.array(Skipped).openapi({ description: 'Rows that were not understood, the first 50' }),
    uploaded_at: at,
  })
  .openapi('UploadedStatement', {
    example: {
      id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      name: 'BCA November',
      lines: 212,
      new_lines: 40,
      skipped: [{ no: 214, why: 'Saldo Akhir is no day' }],
      uploaded_at: '2026-11-21T03:00:00.000Z',
    },
  });
export type Uploaded = z.infer<typeof Uploaded>;

export const Statement = Uploaded.omit({ new_lines: true, skipped: true })
  .extend({ open: z.int().openapi({ description: 'Money received that nobody has looked at yet' }) })
  .openapi('BankStatement', {
    example: {
      id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      name: 'BCA November',
      lines: 212,
      uploaded_at: '2026-11-21T03:00:00.000Z',
      open: 12,
    },
  });
export const StatementPage = pageOf(Statement).openapi('BankStatementPage');
export const StatementQuery = PageQuery.omit({ search: true });

const Why = z.enum(['invoice_number', 'customer_code', 'name', 'amount', 'only_such_amount']);
export const Proposal = z.object({
  customer: z.object({ id: uuid, code: z.string(), name: z.string() }),
  invoice_id: uuid.nullable(),
  erp_invoice: z.string().nullable(),
  number: z.string(),
  outstanding: z.int(),
  why: z.array(Why),
});
export type Proposal = z.infer<typeof Proposal>;

export const Line = z
  .object({
    id: uuid,
    statement_id: uuid,
    booked_on: z.iso.date(),
    description: z.string(),
    amount: z.int(),
    direction: z.enum(['credit', 'debit']),
    state: z.enum(['open', 'booked', 'ignored']),
    payment_id: uuid.nullable(),
    proposals: z
      .array(Proposal)
      .openapi({ description: 'Of an open credit: whose money it may be, the likeliest first' }),
  })
  .openapi('BankLine', {
    example: {
      id: '16fd2706-8baf-433b-82eb-8c7fada847da',
      statement_id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      booked_on: '2026-11-20',
      description: 'TRSF E-BANKING CR 20/11 BUDI SANTOSO INV-2026-000042',
      amount: 150_000,
      direction: 'credit',
      state: 'open',
      payment_id: null,
      proposals: [
        {
          customer: { id: '0f8fad5b-d9cb-469f-a165-70867728950e', code: 'KCB-CKP010225-001', name: 'Budi Santoso' },
          invoice_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
          erp_invoice: null,
          number: 'INV-2026-000042',
          outstanding: 150_000,
          why: ['invoice_number', 'name', 'amount'],
        },
      ],
    },
  });
export type Line = z.infer<typeof Line>;
export const LinePage = pageOf(Line).openapi('BankLinePage');
export const LineQuery = PageQuery.omit({ search: true }).extend({
  statement_id: uuid.optional(),
  state: z.enum(['open', 'booked', 'ignored']).optional(),
  direction: z.enum(['credit', 'debit']).optional(),
});
export type LineQuery = z.infer<typeof LineQuery>;

const Confirmation = z.strictObject({
  line_id: uuid,
  customer_id: uuid,
  invoice_id: uuid.nullable().default(null),
  erp_invoice: filledText(140).nullable().default(null),
});
export const Confirmations = z
  .strictObject({ lines: z.array(Confirmation).min(1).max(100) })
  .openapi('BankLineConfirmations', {
    example: {
      lines: [
        {
          line_id: '16fd2706-8baf-433b-82eb-8c7fada847da',
          customer_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
          invoice_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
        },
      ],
    },
  });
export type Confirmation = z.infer<typeof Confirmation>;
export const Confirmed = z.object({ lines: z.array(Line) }).openapi('ConfirmedBankLines', { example: { lines: [] } });
