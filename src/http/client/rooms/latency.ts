// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Latency = {
  from: string;
  to: string;
  suspend: readonly {
    step:
      | 'webhook_to_decision'
      | 'decision_to_rows'
      | 'rows_to_ack'
      | 'ack_to_session'
      | 'webhook_to_ack'
      | 'webhook_to_session';
    count: number;
    p50_ms: number;
    p95_ms: number;
    p99_ms: number;
  }[];
  restore: readonly {
    step:
      | 'webhook_to_decision'
      | 'decision_to_rows'
      | 'rows_to_ack'
      | 'ack_to_session'
      | 'webhook_to_ack'
      | 'webhook_to_session';
    count: number;
    p50_ms: number;
    p95_ms: number;
    p99_ms: number;
  }[];
};

export type LatencyOperations = {
  'GET /latency': {
    query?: {
      from?: string | undefined;
      to?: string | undefined;
      nas_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: Latency;
  };
};
