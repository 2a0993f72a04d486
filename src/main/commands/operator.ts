import type { Who } from '#platform/caller.ts';
import { newCorrelationId } from '#platform/log.ts';

/** Whoever has the host's shell has no account in the hub: the audit log names nobody and the command line. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** Who a command acts as for a tenant. */
export const operatorOf = (tenantId: string): Who => ({
  tenantId,
  caller: { userId: nobody, tenantId, role: 'admin' },
  correlationId: newCorrelationId(),
  address: 'command line',
});
