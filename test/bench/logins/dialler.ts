import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { buildAccessRequest } from '#connectors/freeradius/packet/access-request.ts';
import { codes } from '#connectors/freeradius/packet/codes.ts';
import { verifyResponse } from '#connectors/freeradius/packet/response.ts';
import { hidePassword } from '#connectors/freeradius/packet/user-password.ts';

export type DiallerOptions = {
  readonly port: number;
  readonly secret: string;
  readonly users: readonly string[];
  readonly password: string;
};

export type Dialler = {
  /** Logs in so many times and answers the logins a second; fails where one was not accepted. */
  dial(logins: number): Promise<number>;
  close(): void;
};

const inFlight = 32;
/** A login that is lost would stop the run for good; none may be. */
const patienceMs = 10_000;

type Waiting = { readonly request: Buffer; readonly done: (accepted: boolean) => void };

function accessRequest({ secret, password }: DiallerOptions, identifier: number, username: string): Buffer {
  const authenticator = randomBytes(16);
  const hidden = hidePassword(password, secret, authenticator);
  if (!hidden.ok) throw new Error(hidden.error);
  const attributes = [
    { name: 'User-Name', value: username },
    { name: 'User-Password', value: hidden.value },
  ] as const;
  const built = buildAccessRequest({ identifier, secret, authenticator, attributes, signed: true });
  if (!built.ok) throw new Error(built.error);
  return built.value;
}

/** A modem bank: PAP logins from one socket, a fixed number in flight, each answer verified. */
export async function openDialler(options: DiallerOptions): Promise<Dialler> {
  const socket = createSocket('udp4');
  const waiting = new Map<number, Waiting>();
  let next = 0;

  socket.on('message', (datagram) => {
    const one = waiting.get(datagram[1] ?? -1);
    if (!one) return;
    const verified = verifyResponse(datagram, one.request, options.secret);
    if (verified.ok) one.done(verified.value.packet.code === codes.accessAccept);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));

  function login(identifier: number): Promise<void> {
    const username = options.users[next % options.users.length] ?? '';
    next += 1;
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error(`${username} got no answer`)), patienceMs);
      const done = (accepted: boolean): void => {
        clearTimeout(patience);
        waiting.delete(identifier);
        if (accepted) resolve();
        else reject(new Error(`${username} was not let in`));
      };
      const request = accessRequest(options, identifier, username);
      waiting.set(identifier, { request, done });
      socket.send(request, options.port, '127.0.0.1');
    });
  }

  return {
    async dial(logins) {
      let left = logins;
      const began = performance.now();
      const line = async (first: number): Promise<void> => {
        // Each line of the bank has identifiers of its own and takes them in turn.
        for (let turn = 0; left > 0; turn++) {
          left -= 1;
          await login(first + inFlight * (turn % 8));
        }
      };
      await Promise.all(Array.from({ length: inFlight }, (_, first) => line(first)));
      return (logins / (performance.now() - began)) * 1_000;
    },
    close: () => socket.close(),
  };
}
