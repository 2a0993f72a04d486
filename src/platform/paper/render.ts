import { invoicePdf, receiptPdf } from './bills.ts';
import { depositPdf } from './deposit-statements.ts';
import type { Paper } from './papers.ts';
import { statementPdf } from './statements.ts';
import { voucherSheetPdf } from './voucher-sheet.ts';
import { voucherSlipsPdf } from './voucher-slips.ts';

/** A paper as PDF. It takes tens of milliseconds of one thread, which is never the one that serves (`press.ts`). */
export function render(paper: Paper): Promise<Uint8Array> {
  switch (paper.kind) {
    case 'invoice':
    case 'credit_note':
      return invoicePdf(paper);
    case 'receipt':
      return receiptPdf(paper);
    case 'statement':
      return statementPdf(paper);
    case 'deposit_statement':
      return depositPdf(paper);
    case 'vouchers':
      return paper.format === 'a4' ? voucherSheetPdf(paper) : voucherSlipsPdf(paper);
  }
}
