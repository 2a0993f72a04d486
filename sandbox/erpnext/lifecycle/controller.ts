import type { Doc } from '../site/document.ts';
import type { Transaction } from '../site/transaction.ts';

/**
 * What a doctype does by itself. Everything that can refuse stands in `validate`, which runs before the first change;
 * it may fill in fields of `doc` (totals, defaults). The other steps must not throw.
 */
export type Controller = {
  /** `doc.docstatus` is already the one that is asked for. */
  readonly validate?: (tx: Transaction, doc: Doc) => void;
  readonly onSubmit?: (tx: Transaction, doc: Doc) => void;
  readonly onCancel?: (tx: Transaction, doc: Doc) => void;
  /** May refuse. */
  readonly onTrash?: (tx: Transaction, doc: Doc) => void;
  readonly afterInsert?: (tx: Transaction, doc: Doc) => void;
  /** The instance that a one-POST insert and submit reports of, where it differs from the truth. */
  readonly staleInstance?: (doc: Doc) => Doc;
};
