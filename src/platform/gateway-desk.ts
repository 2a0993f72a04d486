import type {
  ChargeFinding,
  ChargeMethod,
  ChargeOrder,
  GatewayFailure,
  GatewayName,
  OpenedCharge,
} from '#domain/charge.ts';
import type { Result } from '#domain/result.ts';

/** What one gateway takes for a tenant. */
export type ConnectedGateway = { readonly name: GatewayName; readonly methods: readonly ChargeMethod[] };

type Named = { readonly orderId: string; readonly gatewayRef: string | null };
type Answer<T> = Promise<Result<T, GatewayFailure>>;

/** The tenants' payment gateways, as rooms and journeys are handed them. A gateway that is not connected: `rejected`. */
export type GatewayDesk = {
  connected(tenantId: string): Promise<readonly ConnectedGateway[]>;
  create(tenantId: string, gateway: GatewayName, order: ChargeOrder): Answer<OpenedCharge>;
  status(tenantId: string, gateway: GatewayName, order: Named): Answer<ChargeFinding | null>;
  refund(
    tenantId: string,
    gateway: GatewayName,
    order: Named & { readonly amount: bigint; readonly reason: string; readonly key: string },
  ): Answer<'refunded' | 'pending'>;
};
