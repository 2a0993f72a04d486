import { inject } from 'vitest';
import type { Nas } from '#sandbox/nas/nas.ts';
import { type Isp, openIsp } from './isp.ts';
import { openRadiusStage, type RadiusStage, registerNas } from './radius-stage.ts';
import { type RunningHub, startRunningHub } from './running-hub.ts';

/** A hub with an ISP's ERPNext and FreeRADIUS (on MariaDB) beside it. */
export type LiveIsp = {
  readonly hub: RunningHub;
  readonly stage: RadiusStage;
  readonly isp: Isp;
  /** A router at an address of its own that the hub and FreeRADIUS know by `name`. */
  addRouter(name: string, address: string): Promise<Nas>;
  close(): Promise<void>;
};

export async function openLiveIsp(clock: () => number = Date.now): Promise<LiveIsp> {
  const hub = await startRunningHub({
    postgresUrl: inject('postgresUrl'),
    flavor: 'mysql',
    radiusServerUrl: inject('mariadbUrl'),
    clock,
  });
  const stage = await openRadiusStage(hub.radius);
  const isp = await openIsp(hub, clock);
  return {
    hub,
    stage,
    isp,
    addRouter: async (name, address) => {
      const nas = await stage.startRouter(address);
      await registerNas(isp.admin, nas, name);
      return nas;
    },
    close: async () => {
      await stage.stop();
      await isp.stop();
      await hub.close();
    },
  };
}
