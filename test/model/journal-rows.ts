type Row = Readonly<Record<string, unknown>>;

/** Whose rows they are. */
type Owner = {
  readonly tenant: { readonly tenant_id: string };
  readonly ofLine: Row;
  readonly ofCustomer: Row;
  readonly endpoint: string | undefined;
  readonly announcement: string | undefined;
  readonly user: string | undefined;
  readonly customer: string | undefined;
  readonly run: string | undefined;
  /** Another one for each set of rows. */
  readonly n: number;
  readonly at: Date;
};

/** Rows of what goes out, and of what is written down of it all. */
export const journalRows = ({
  tenant,
  ofLine,
  ofCustomer,
  endpoint,
  announcement,
  user,
  customer,
  run,
  n,
  at,
}: Owner): readonly (readonly [table: string, row: Row])[] => [
  ['outbox', { ...ofLine, kind: 'x', key: `${n}`, intent: '{}', generation: n, urgency: 1, correlation_id: '-' }],
  ['timeline', { ...ofLine, kind: 'x', text: '-', correlation_id: '-' }],
  [
    'changed_sessions',
    { ...ofLine, unique_id: `${n}`, group_name: '-', rate_limit: '-', rows_generation: n, generation: n },
  ],
  [
    'messages',
    {
      ...ofCustomer,
      event: 'test',
      channel: 'email',
      language: 'id',
      recipient: '-',
      recipient_masked: '***',
      recipient_hash: Buffer.from(`${n}`),
      content: '-',
      correlation_id: '-',
    },
  ],
  ['message_templates', { ...tenant, event: `event ${n}`, language: 'id', subject: '-', body: '-' }],
  ['opt_outs', { ...tenant, channel: 'email', recipient_hash: Buffer.from(`${n}`) }],
  ['webhook_endpoints', { ...tenant, id: endpoint, url: 'https://x.id/', event_types: '[]', secret: '-' }],
  ['announcements', { ...tenant, id: announcement, type: 'ping', body: '{}', correlation_id: '-' }],
  ['webhook_deliveries', { ...tenant, endpoint_id: endpoint, announcement_id: announcement }],
  [
    'audit_logs',
    {
      ...tenant,
      actor_kind: 'user',
      actor_id: user,
      actor_role: 'admin',
      address: '192.0.2.1',
      action: 'create',
      entity_type: 'customer',
      entity_id: customer,
      correlation_id: '-',
    },
  ],
  [
    'audit_chain',
    {
      ...tenant,
      seq: n,
      entry_id: 1_000_000 + n,
      entry_at: at,
      prev_hash: Buffer.alloc(32),
      hash: Buffer.alloc(32, n),
    },
  ],
  ['audit_bases', { ...tenant, seq: 0, hash: Buffer.alloc(32), entries_before: new Date(0) }],
  [
    'usage_months',
    {
      ...tenant,
      month: `2026-${String((n % 12) + 1).padStart(2, '0')}`,
      subscribers_peak: 1,
      subscribers_end: 1,
      active_end: 1,
      events: 1,
      messages: 0,
      counted_at: at,
    },
  ],
  [
    'idempotency_keys',
    {
      ...tenant,
      actor_id: user,
      key: `key ${n}`,
      request: '-',
      fingerprint: Buffer.from('-'),
      holder: user,
      locked_until: at,
      correlation_id: '-',
      expires_at: at,
    },
  ],
  ['enforcements', { ...ofLine, generation: n, kind: 'suspend', correlation_id: '-', decided_at: at }],
  ['latency_buckets', { ...tenant, nas: `${n}`, kind: 'suspend', step: 'x', le_ms: 1, count: 1, sum_ms: 1 }],
  ['reconciliations', { ...tenant, id: run, scope: 'all', asked_by: 'test', correlation_id: '-' }],
  [
    'drift',
    {
      ...ofLine,
      run_id: run,
      kind: 'wrong_group',
      subject: `user${n}`,
      was: '-',
      should_be: '-',
      why: '-',
      action: 'reported',
      since: at,
      found_at: at,
    },
  ],
  ['schedules', { ...tenant, name: `job ${n}`, cron: '0 0 * * *', zone: 'Asia/Jakarta', next_due_at: at }],
];
