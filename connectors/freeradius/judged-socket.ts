import { type LookupFunction, Socket } from 'node:net';

/**
 * A socket that connects by its driver's host and port, and asks `lookup` for the address: a name is judged at each
 * connect, and the connection goes to the very address that was judged (SEC-17). Undefined: the system's own resolver.
 */
export function judgedSocket(lookup: LookupFunction | undefined): Socket {
  const socket = new Socket();
  if (!lookup) return socket;
  const plain = socket.connect.bind(socket);
  const byHost = (port: number, host: string): Socket => plain({ port, host, lookup });
  return Object.assign(socket, { connect: byHost });
}
