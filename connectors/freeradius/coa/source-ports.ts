import { createSocket, type Socket } from 'node:dgram';
import { createIdentifiers, type Identifiers } from './identifiers.ts';

type Listener = (datagram: Buffer) => void;
type StrayListener = (datagram: Buffer, from: string) => void;

/** A place to send one request from: a source port and an identifier that nobody else uses towards that NAS. */
export type Line = {
  readonly identifier: number;
  /** False when the port could not be opened. */
  readonly ready: Promise<boolean>;
  /** `onStray` is told of what carries the identifier and comes from elsewhere than the NAS. */
  listen(listener: Listener, onStray: StrayListener): void;
  send(packet: Uint8Array): void;
  /** Gives the identifier back; nothing is heard any more. */
  release(): void;
};

type Port = {
  readonly socket: Socket;
  readonly identifiers: Identifiers;
  readonly listeners: Map<string, Listener>;
  /** By identifier: several NASes may be asked under one. */
  readonly strays: Map<number, Set<StrayListener>>;
  readonly ready: Promise<boolean>;
};

export type SourcePorts = {
  take(host: string, port: number): Line;
  close(): Promise<void>;
};

export type SourcePortOptions = {
  readonly bindAddress: string | undefined;
  readonly now: () => number;
  readonly randomByte: () => number;
};

const keyOf = (host: string, port: number, identifier: number): string => `${host}:${port}#${identifier}`;

function openPort(options: SourcePortOptions, onBroken: (port: Port) => void): Port {
  const socket = createSocket('udp4');
  const listeners = new Map<string, Listener>();
  const strays = new Map<number, Set<StrayListener>>();
  const ready = new Promise<boolean>((resolve) => {
    socket.once('listening', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
  const port = { socket, listeners, strays, ready, identifiers: createIdentifiers(options.now, options.randomByte()) };
  // A socket's error (a port that cannot be bound, a refusal that the system passes on) must not end the process.
  socket.on('error', () => onBroken(port));
  socket.on('message', (datagram, from) => {
    const identifier = datagram[1] ?? 0;
    const listener = listeners.get(keyOf(from.address, from.port, identifier));
    if (listener) return listener(datagram);
    for (const onStray of strays.get(identifier) ?? []) onStray(datagram, `${from.address}:${from.port}`);
  });
  socket.bind({ port: 0, ...(options.bindAddress === undefined ? {} : { address: options.bindAddress }) });
  return port;
}

/**
 * UDP ports to send from, opened when all identifiers of the others are in flight or resting, closed again when they
 * have rested. An answer reaches the one request whose NAS address, NAS port and identifier it carries.
 */
export function createSourcePorts(options: SourcePortOptions): SourcePorts {
  const ports = new Set<Port>();
  const closing = new Set<Promise<void>>();

  function shut(port: Port): void {
    if (!ports.delete(port)) return;
    const closed = new Promise<void>((resolve) => port.socket.close(() => resolve()));
    closing.add(closed);
    void closed.then(() => closing.delete(closed));
  }

  function find(nas: string): { readonly port: Port; readonly identifier: number } {
    for (const port of ports) {
      const identifier = port.identifiers.take(nas);
      if (identifier !== null) return { port, identifier };
    }
    const port = openPort(options, shut);
    ports.add(port);
    // A fresh port refuses nobody; the zero only satisfies the type.
    return { port, identifier: port.identifiers.take(nas) ?? 0 };
  }

  function shutIdle(): void {
    for (const port of [...ports].slice(1)) if (port.identifiers.isIdle()) shut(port);
  }

  return {
    take(host, nasPort) {
      shutIdle();
      const nas = `${host}:${nasPort}`;
      const { port, identifier } = find(nas);
      const key = keyOf(host, nasPort, identifier);
      const strays = port.strays.get(identifier) ?? new Set();
      port.strays.set(identifier, strays);
      let mine: StrayListener = () => undefined;
      return {
        identifier,
        ready: port.ready,
        listen(listener, onStray) {
          port.listeners.set(key, listener);
          mine = onStray;
          strays.add(mine);
        },
        send(packet) {
          if (!ports.has(port)) return;
          // A failed sending (no route, refused) is one lost try, as if the network had lost it.
          port.socket.send(packet, nasPort, host, () => undefined);
        },
        release() {
          port.listeners.delete(key);
          strays.delete(mine);
          port.identifiers.release(nas, identifier);
        },
      };
    },
    async close() {
      for (const port of [...ports]) shut(port);
      await Promise.all(closing);
    },
  };
}
