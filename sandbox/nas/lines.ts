import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Attribute, decodeAttributes } from '#connectors/freeradius/packet/attributes.ts';
import { buildAccountingRequest } from '#connectors/freeradius/packet/hashed-request.ts';
import { askForAccess } from './access.ts';
import { createAddressPools } from './address-pools.ts';
import { expectBuilt } from './expect-built.ts';
import { createCircuits, type LiveSession, startSession } from './live-session.ts';
import type { Behaviour, Dial, LoginResult, NasEvents, NasOptions, TerminateCause } from './nas.ts';
import type { RadiusClient } from './radius-client.ts';
import { bootRecord, recordOf } from './records.ts';

/** Between two dials of a modem that was not let in. */
const redialMs = 500;

export type Lines = ReturnType<typeof createLines>;

/** The lines of a NAS: who is online, and the accounting of it. */
export function createLines(options: NasOptions, client: RadiusClient, behaviour: () => Behaviour) {
  const events = new EventEmitter<NasEvents>();
  const pools = createAddressPools();
  const online = new Map<string, LiveSession>();
  let circuitOf = createCircuits();
  let open = true;

  async function account(attributes: readonly Attribute[]): Promise<boolean> {
    const { secret } = options;
    const answer = await client.ask('acct', (identifier) =>
      expectBuilt(buildAccountingRequest({ identifier, secret, attributes, signed: false })),
    );
    return answer !== null;
  }

  async function login(dial: Dial): Promise<LoginResult> {
    const circuit = circuitOf(dial);
    const admission = await askForAccess(client, options, circuit, dial);
    if (admission.outcome === 'silent') return { accepted: false, attributes: {}, silent: true };
    if (admission.outcome === 'rejected') return { accepted: false, attributes: admission.attributes };
    const session = startSession(circuit, dial, admission.accept, pools);
    online.set(session.id, session);
    await sleep(behaviour().startDelayMs);
    await account(recordOf({ kind: 'start', session }, options));
    events.emit('login', session);
    return { accepted: true, attributes: decodeAttributes(admission.accept.attributes), session };
  }

  function takeOffline(id: string): LiveSession | null {
    const session = online.get(id) ?? null;
    online.delete(id);
    if (session) pools.release(session.framedAddress);
    return session;
  }

  async function stop(session: LiveSession, cause: TerminateCause): Promise<boolean> {
    if (behaviour().noStop) return false;
    return account(recordOf({ kind: 'stop', session, cause }, options));
  }

  async function redial(dial: Dial): Promise<void> {
    while (open && behaviour().autoRelogin) {
      const { accepted } = await login(dial);
      if (accepted) return;
      await sleep(redialMs);
    }
  }

  /** Ends a session as a Disconnect does: off at once, then the Stop, then the modem dials again. */
  async function drop(session: LiveSession): Promise<void> {
    if (!takeOffline(session.id)) return;
    await stop(session, 'Admin-Reset');
    events.emit('disconnect', session);
    await redial(session.dial);
  }

  async function interim(
    id: string,
    totals: { readonly inputOctets: bigint; readonly outputOctets: bigint },
  ): Promise<boolean> {
    const session = online.get(id);
    if (!session) return false;
    session.inputOctets = totals.inputOctets;
    session.outputOctets = totals.outputOctets;
    return account(recordOf({ kind: 'interim', session }, options));
  }

  return {
    events,
    login,
    drop,
    interim,
    online: (): readonly LiveSession[] => [...online.values()],
    async logout(id: string, cause: TerminateCause): Promise<boolean> {
      const session = takeOffline(id);
      return session !== null && stop(session, cause);
    },
    reboot(): Promise<boolean> {
      for (const id of [...online.keys()]) takeOffline(id);
      circuitOf = createCircuits();
      return account(bootRecord(options));
    },
    close(): void {
      open = false;
    },
  };
}
