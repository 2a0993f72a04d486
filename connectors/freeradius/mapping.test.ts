import { describe, expect, it } from 'vitest';
import { parseRadiusMapping, readRadiusMapping } from './mapping.ts';
import { freeradiusSettings } from './settings.ts';

describe('mappings/radius.yaml', () => {
  const mapping = readRadiusMapping();

  it('R1: owns password, MAC lock and addresses of a user in any spelling, and nothing else', () => {
    for (const owned of ['Cleartext-Password', 'cleartext-password', 'SSHA2-256-Password', 'Calling-Station-Id']) {
      expect(mapping.ownsCheck(owned)).toBe(true);
    }
    for (const foreign of ['Expiration', 'Auth-Type', 'Simultaneous-Use', 'Login-Time']) {
      expect(mapping.ownsCheck(foreign)).toBe(false);
    }
    for (const owned of ['Framed-IP-Address', 'Framed-IPv6-Prefix', 'Delegated-IPv6-Prefix', 'Framed-Route']) {
      expect(mapping.ownsReply(owned)).toBe(true);
    }
    for (const foreign of ['Framed-Protocol', 'Service-Type', 'Mikrotik-Rate-Limit']) {
      expect(mapping.ownsReply(foreign)).toBe(false);
    }
  });

  it('tells clear passwords from hashed ones', () => {
    expect(mapping.passwordKind('User-Password')).toBe('clear');
    expect(mapping.passwordKind('NT-Password')).toBe('hashed');
    expect(mapping.passwordKind('Calling-Station-Id')).toBeNull();
  });

  it('a mapping with a word too many is refused at start', () => {
    expect(() => parseRadiusMapping('owned: {}')).toThrow();
    expect(() => parseRadiusMapping('surprise: 1')).toThrow();
  });
});

describe('settings', () => {
  it('take the URL of either server, and nothing else', () => {
    expect(freeradiusSettings.safeParse({ database_url: 'mysql://radius:x@10.0.0.5/radius' }).success).toBe(true);
    expect(freeradiusSettings.safeParse({ database_url: 'postgres://radius@10.0.0.5/radius' }).success).toBe(true);
    expect(freeradiusSettings.safeParse({}).success).toBe(true);
    expect(freeradiusSettings.safeParse({ database_url: 'http://10.0.0.5/' }).success).toBe(false);
    expect(freeradiusSettings.safeParse({ database_url: 'mysql://x/y', extra: 1 }).success).toBe(false);
  });
});
