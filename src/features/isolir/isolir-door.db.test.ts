import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createIsolirDoor } from '#http/isolir-door.ts';
import { noLimits } from '#platform/limits.ts';
import { createLog } from '#platform/log.ts';
import { createIsolirRoom, type IsolirRoom } from '#test/features/isolir-room.ts';

const subdomain = 'isp';

let room: IsolirRoom;
let tenantId: string;
let count = 0;

beforeAll(async () => {
  room = await createIsolirRoom(inject('postgresUrl'));
  tenantId = await room.addTenant(subdomain);
});
afterAll(() => room.close());

const address = (): string => `10.66.${++count >> 8}.${count & 255}`;

describe('the door before the isolir page', () => {
  const isolirUrl = 'https://isolir.isp.example';
  const door = (trustedProxies: readonly string[] = []) =>
    createIsolirDoor({ isolirUrl, trustedProxies, limits: noLimits, log: createLog('silent'), pages: room.routes });
  const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });
  const ask = (path: string, host: string, init: RequestInit = {}, env = from('10.66.9.9'), app = door()) =>
    app.request(`http://${host}${path}`, { ...init, headers: { Host: host, ...init.headers } }, env);

  it.each([
    ['connectivitycheck.gstatic.com', '/generate_204'],
    ['clients3.google.com', '/generate_204'],
    ['captive.apple.com', '/hotspot-detect.html'],
    ['www.apple.com', '/library/test/success.html'],
    ['www.msftconnecttest.com', '/connecttest.txt'],
    ['www.msftncsi.com', '/ncsi.txt'],
    ['detectportal.firefox.com', '/success.txt'],
    ['nmcheck.gnome.org', '/check_network_status.txt'],
    ['example.com', '/'],
    ['example.com', '/isolir'],
    ['example.com', '/isolir/someone?lang=en'],
    ['10.10.10.5', '/api/v1/customers'],
    ['isolir.isp.example', '/favicon.ico'],
    ['isolir.isp.example', '/isolirx'],
    ['isolir.isp.example:81', '/isolir'],
    ['isolir.isp.example', '/docs'],
  ])('R10: http://%s%s is answered 302 to the page, and nothing else', async (host, path) => {
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT']) {
      const answer = await ask(path, host, { method });
      expect(answer.status).toBe(302);
      expect(answer.headers.get('Location')).toBe(`${isolirUrl}/isolir`);
      expect(answer.headers.get('Cache-Control')).toBe('no-store');
      expect(await answer.text()).toBe('');
    }
  });

  it('R10: shows the page under its own name, and believes X-Forwarded-For of a trusted proxy alone', async () => {
    const [own, other] = [address(), address()];
    const { code } = await room.addVisitor(tenantId, { address: own });
    const path = `/isolir/${subdomain}`;
    expect(await (await ask(path, 'isolir.isp.example', {}, from(own))).text()).toContain(code);
    const forged = { headers: { 'X-Forwarded-For': own } };
    expect(await (await ask(path, 'isolir.isp.example', forged, from(other))).text()).not.toContain(code);
    const behind = await ask(path, 'isolir.isp.example', forged, from(other), door([`${other}/32`]));
    expect(await behind.text()).toContain(code);
    expect(behind.headers.get('Content-Security-Policy')).toContain("style-src 'sha256-");
  });
});
