import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const statusServer = 12;
const messageAuthenticator = 80;
const headerLength = 20;

/** A signed Status-Server request (RFC 5997): header, then Message-Authenticator, an HMAC-MD5 over the whole packet. */
function statusRequest(secret: string): Buffer {
  const packet = Buffer.alloc(headerLength + 18);
  packet.writeUInt8(statusServer, 0);
  packet.writeUInt16BE(packet.length, 2);
  randomBytes(16).copy(packet, 4);
  packet.writeUInt8(messageAuthenticator, headerLength);
  packet.writeUInt8(18, headerLength + 1);
  createHmac('md5', secret)
    .update(packet)
    .digest()
    .copy(packet, headerLength + 2);
  return packet;
}

/** Whether `answer` is what a server that knows the secret says to `request` (RFC 2865 §3). */
function isAnswer(answer: Buffer, request: Buffer, secret: string): boolean {
  if (answer.length < headerLength) return false;
  const proof = createHash('md5')
    .update(answer.subarray(0, 4))
    .update(request.subarray(4, headerLength))
    .update(answer.subarray(headerLength))
    .update(secret)
    .digest();
  return proof.equals(answer.subarray(4, headerLength));
}

/** Resolves when the RADIUS server on loopback answers a Status-Server request within 300 ms; throws otherwise. */
export async function askStatus(port: number, secret: string): Promise<void> {
  const socket = createSocket('udp4');
  const request = statusRequest(secret);
  try {
    socket.send(request, port, '127.0.0.1');
    const [answer]: Buffer[] = await once(socket, 'message', { signal: AbortSignal.timeout(300) });
    if (!answer || !isAnswer(answer, request, secret)) throw new Error('the answer is not from this RADIUS server');
  } finally {
    socket.close();
  }
}
