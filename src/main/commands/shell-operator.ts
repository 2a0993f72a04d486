import type { Who } from '#platform/caller.ts';
import { newCorrelationId } from '#platform/log.ts';

/** Whoever has the host's shell has no account in the hub: the audit log names nobody and the command line. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** In whose name a command does something to a tenant. */
export const shellOperator = (tenantId: string): Who => ({
  tenantId,
  caller: { userId: nobody, tenantId, role: 'admin' },
  correlationId: newCorrelationId(),
  address: 'command line',
});
