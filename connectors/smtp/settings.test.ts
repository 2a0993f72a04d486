import { describe, expect, it } from 'vitest';
import { partsOfMailbox, settingsOfUrl, smtpSettings } from './settings.ts';

const from = 'Ujung Net <billing@ujung.net>';

describe('settings of a mail server', () => {
  it.each([
    ['smtp://mail.ujung.net', { host: 'mail.ujung.net', port: 587, secure: 'starttls', user: null, password: null }],
    ['smtps://mail.ujung.net', { port: 465, secure: 'tls' }],
    ['smtp://isp:r%40hasia@10.0.0.5:2525', { host: '10.0.0.5', port: 2525, user: 'isp', password: 'r@hasia' }],
    ['smtp://[::1]:25?tls=none', { host: '::1', port: 25, secure: 'none' }],
  ])('%s is read', (url, parts) => {
    expect(settingsOfUrl(url, from)).toMatchObject({ ...parts, from });
  });

  it.each([
    ['mail.ujung.net', from],
    ['http://mail.ujung.net', from],
    ['smtp://', from],
    ['smtp://mail.ujung.net', ''],
    ['smtp://mail.ujung.net', 'a@b.c, d@e.f'],
    ['smtp://mail.ujung.net', 'a@b.c\r\nBcc: d@e.f'],
  ])('%j from %j is no mail server', (url, sender) => {
    expect(settingsOfUrl(url, sender)).toBeNull();
  });

  it('a sender is one mailbox, with a name or without', () => {
    expect(partsOfMailbox(from)).toEqual({ name: 'Ujung Net', address: 'billing@ujung.net' });
    expect(partsOfMailbox('billing@ujung.net')).toEqual({ name: '', address: 'billing@ujung.net' });
    const settings = { host: 'mail.ujung.net', port: 587, secure: 'tls', from };
    for (const host of ['mail ujung', 'mail/ujung', 'mail@ujung', ''])
      expect(smtpSettings.safeParse({ ...settings, host }).success).toBe(false);
    expect(smtpSettings.safeParse(settings).success).toBe(true);
  });
});
