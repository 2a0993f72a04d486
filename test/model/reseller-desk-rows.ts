type Row = Readonly<Record<string, unknown>>;
type Named = Readonly<Record<'tenantId' | 'reseller' | 'customer' | 'user' | 'request', string | undefined>>;

/** What a reseller asks and brings in, in an order that its foreign keys allow. */
export function resellerDeskRows(of: Named, n: number): readonly (readonly [table: string, row: Row])[] {
  const own = { tenant_id: of.tenantId, reseller_id: of.reseller };
  return [
    ['reseller_requests', { ...own, id: of.request, customer_id: of.customer, kind: 'slow', opened_by: of.user }],
    [
      'reseller_request_messages',
      { ...own, request_id: of.request, by_provider: false, author_id: of.user, author: 'Sari', text: 'Lambat' },
    ],
    ['reseller_imports', { ...own, digest: Buffer.alloc(32, n), customers: 1, imported_by: of.user }],
  ];
}
