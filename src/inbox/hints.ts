/** A document, as whoever marks or claims it names it. */
type Named = { readonly tenantId: string; readonly doctype: string; readonly name: string };

/**
 * Whose a bill says it is, kept in memory from the delivery until the look: the customer can then be read while the bill
 * itself is still being fetched. It decides nothing (law 1): a look that finds another customer throws the reading away,
 * and without a hint it reads after the fetch.
 */
export type Hints = {
  note(document: Named, customer: string): void;
  /** The hint, once. */
  take(document: Named): string | null;
};

const most = 1_000;
const keyOf = ({ tenantId, doctype, name }: Named): string => [tenantId, doctype, name].join('\u0000');

export function createHints(): Hints {
  const hints = new Map<string, string>();
  return {
    note(document, customer) {
      const [oldest] = hints.keys();
      if (hints.size >= most && oldest !== undefined) hints.delete(oldest);
      hints.set(keyOf(document), customer);
    },
    take(document) {
      const key = keyOf(document);
      const hint = hints.get(key) ?? null;
      hints.delete(key);
      return hint;
    },
  };
}
