import { describe, expect, it } from 'vitest';
import { gardenPool, isGardenPlace } from './routeros-network.ts';

describe('places that isolated subscribers may reach', () => {
  it.each(['app.midtrans.com', '203.0.113.7', '203.0.113.0/24', '203.0.113.128/25', '10.10.10.5/32', 'a.co'])(
    'R10: %j may be let through to',
    (place) => expect(isGardenPlace(place)).toBe(true),
  );

  it.each([
    '0.0.0.0/0',
    '0.0.0.0',
    '0.0.0.0/32',
    '10.0.0.0/8',
    '203.0.112.0/23',
    '128.0.0.0/1',
    '203.0.113.7/24',
    '203.0.113.0/024',
    '203.0.113.0/33',
    '203.0.113.0-203.0.113.9',
    '224.0.0.1',
    '1.2.3',
    '1.2.3.4.5',
    '0x7f000001',
    '2130706433',
    'localhost',
    'Pay.Example',
    'pay example.com',
    'pay.example.com; /system reset',
    'pay.example.com"',
    '-a.example',
    '::/0',
    '',
  ])('R10: %j is refused', (place) => expect(isGardenPlace(place)).toBe(false));
});

describe('the network of isolated subscribers', () => {
  it('R10: its first address is the router, the others are given out', () => {
    expect(gardenPool('10.66.0.0/22')).toEqual({ gateway: '10.66.0.1', ranges: '10.66.0.2-10.66.3.254' });
    expect(gardenPool('192.168.88.248/29')).toEqual({
      gateway: '192.168.88.249',
      ranges: '192.168.88.250-192.168.88.254',
    });
  });

  it.each(['10.66.0.1/22', '10.66.0.0', '10.0.0.0/8', '10.66.0.0/30', '203.0.113.0/24', '0.0.0.0/16', 'x/22', ''])(
    '%j is none',
    (text) => expect(gardenPool(text)).toBeNull(),
  );
});
