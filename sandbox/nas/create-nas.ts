import { decodeAttributes } from '#connectors/freeradius/packet/attributes.ts';
import type { Packet } from '#connectors/freeradius/packet/packet.ts';
import { createLines, type Lines } from './lines.ts';
import type { Behaviour, Nas, NasOptions, ReceivedOrder } from './nas.ts';
import { obey, type Self } from './obey.ts';
import { type Decide, openOrderDesk } from './order-desk.ts';
import { openRadiusClient } from './radius-client.ts';

const goodManners: Behaviour = {
  deaf: false,
  delayMs: 0,
  ackWithoutEffect: false,
  nak: null,
  startDelayMs: 0,
  noStop: false,
  wrongSecret: false,
  autoRelogin: false,
};

function decideFor(lines: Lines, self: Self, behaviour: () => Behaviour, working: Set<Promise<void>>): Decide {
  return (packet: Packet) => {
    const { nak, ackWithoutEffect } = behaviour();
    if (nak !== null) return { answer: { nak } };
    const verdict = obey(packet.code, decodeAttributes(packet.attributes), lines.online(), self);
    if ('nak' in verdict) return { answer: verdict };
    if (ackWithoutEffect) return { answer: 'ack' };
    const { session, change } = verdict;
    if (change !== 'drop') return { answer: 'ack', effect: () => void Object.assign(session, change) };
    const effect = (): void => {
      const dropped = lines.drop(session).finally(() => working.delete(dropped));
      working.add(dropped);
    };
    return { answer: 'ack', effect };
  };
}

function startInterims(lines: Lines, seconds: number | undefined): NodeJS.Timeout | undefined {
  if (seconds === undefined) return undefined;
  return setInterval(() => {
    for (const { id, inputOctets, outputOctets } of lines.online())
      void lines.interim(id, { inputOctets, outputOctets });
  }, seconds * 1_000).unref();
}

/** Starts a stand-in NAS; it listens when this resolves. `close` waits for the records of what is under way. */
export async function createNas(options: NasOptions): Promise<Nas> {
  let behaviour = goodManners;
  const received: ReceivedOrder[] = [];
  const working = new Set<Promise<void>>();
  const client = await openRadiusClient(options);
  const lines = createLines(options, client, () => behaviour);
  const self = {
    claimedAddress: options.claimedAddress ?? options.address,
    identifier: options.nasIdentifier ?? `nas-${options.address}`,
  };
  const desk = await openOrderDesk({
    options,
    behaviour: () => behaviour,
    decide: decideFor(lines, self, () => behaviour, working),
    onOrder(order) {
      received.push(order);
      lines.events.emit('order', order);
    },
  });
  const interims = startInterims(lines, options.interimSeconds);

  return {
    address: options.address,
    coaPort: desk.port,
    events: lines.events,
    login: lines.login,
    interim: (session, totals) => lines.interim(session.id, totals),
    logout: (session, cause = 'User-Request') => lines.logout(session.id, cause),
    reboot: lines.reboot,
    sessions: lines.online,
    received: () => [...received],
    behaviour(change) {
      behaviour = { ...behaviour, ...change };
    },
    async close() {
      clearInterval(interims);
      lines.close();
      await desk.close();
      await Promise.all(working);
      await client.close();
    },
  };
}
