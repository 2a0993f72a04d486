import { Counter, Histogram, type Registry } from 'prom-client';

export type HttpMetrics = {
  /** What became of each delivery to a webhook door. */
  readonly webhooks: Counter<'outcome'>;
  readonly requests: Histogram<'method' | 'route' | 'status'>;
};

/** The HTTP door's own metrics, in the registry that `/metrics` shows. */
export const createHttpMetrics = (registry: Registry): HttpMetrics => ({
  webhooks: new Counter({
    name: 'jembatan_webhooks_total',
    help: 'Deliveries at the webhook door, by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  }),
  requests: new Histogram({
    name: 'jembatan_http_request_seconds',
    help: 'Requests to the API, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  }),
});
