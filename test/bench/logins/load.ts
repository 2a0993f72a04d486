import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { buildAccessRequest } from '#connectors/freeradius/packet/access-request.ts';
import { codes } from '#connectors/freeradius/packet/codes.ts';
import { verifyResponse } from '#connectors/freeradius/packet/response.ts';
import { hidePassword } from '#connectors/freeradius/packet/user-password.ts';
import { expectBuilt } from '#sandbox/nas/expect-built.ts';
import { answerParent } from '../load-process.ts';
import type { LoginResult, LoginRound } from './login-round.ts';

const waitMs = 3_000;

function request(identifier: number, username: string, { address, password, secret }: LoginRound): Buffer {
  const authenticator = randomBytes(16);
  const hidden = expectBuilt(hidePassword(password, secret, authenticator));
  const attributes = [
    { name: 'User-Name', value: username },
    { name: 'User-Password', value: hidden },
    { name: 'NAS-IP-Address', value: address },
    { name: 'Calling-Station-Id', value: '4C:5E:0C:AA:BB:01' },
  ] as const;
  return expectBuilt(buildAccessRequest({ identifier, authenticator, secret, attributes, signed: true }));
}

/** Waits for the answer to one request; null when none came. A datagram that proves nothing is passed over. */
function exchange(socket: Socket, port: number, bytes: Buffer, secret: string): Promise<number | null> {
  return new Promise((resolve) => {
    const end = (code: number | null): void => {
      clearTimeout(late);
      socket.off('message', hear);
      resolve(code);
    };
    const late = setTimeout(() => end(null), waitMs);
    const hear = (datagram: Buffer): void => {
      if (datagram[1] !== bytes[1]) return;
      const answer = verifyResponse(datagram, bytes, secret);
      if (answer.ok) end(answer.value.packet.code);
    };
    socket.on('message', hear);
    socket.send(bytes, port, '127.0.0.1');
  });
}

async function play(round: LoginRound): Promise<LoginResult> {
  const socket = createSocket('udp4').setMaxListeners(round.inFlight + 1);
  socket.bind(0, round.address);
  await once(socket, 'listening');
  const seen = new Map<number | null, number>();
  const latenciesMs: number[] = [];
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: round.inFlight }, async () => {
      for (let login = next++; login < round.logins; login = next++) {
        const username = round.users[login % round.users.length] ?? '';
        const sentAt = performance.now();
        const code = await exchange(socket, round.port, request(login % 256, username, round), round.secret);
        latenciesMs.push(performance.now() - sentAt);
        seen.set(code, (seen.get(code) ?? 0) + 1);
      }
    }),
  );
  const elapsedMs = performance.now() - began;
  socket.close();
  const count = (code: number | null): number => seen.get(code) ?? 0;
  const [accepted, rejected] = [count(codes.accessAccept), count(codes.accessReject)];
  return { elapsedMs, latenciesMs, accepted, rejected, lost: count(null) };
}

answerParent(play);
