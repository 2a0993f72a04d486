/** One HTTP/1.1 request as it goes over the wire. */
export function rawRequest(
  method: string,
  path: string,
  { token, body }: { readonly token?: string; readonly body?: unknown } = {},
): string {
  const text = body === undefined ? '' : JSON.stringify(body);
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: hub.example.net',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
  ];
  return `${head.join('\r\n')}\r\n\r\n${text}`;
}
