/** CRC-16/CCITT-FALSE of ASCII text, as EMV's merchant-presented codes end in it (EMVCo, QR code specification, 4.7.3). */
function crc16(text: string): string {
  let crc = 0xffff;
  for (const character of text) {
    crc ^= character.charCodeAt(0) << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff) >>> 0;
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
}

/**
 * Whether a text is what a QRIS picture holds: the form is that of EMV, and its check sum is right. A mistyped one would
 * send a subscriber's money to somebody else.
 */
export const isQris = (text: string): boolean =>
  /^000201[\x20-\x7e]{20,500}6304[0-9A-Fa-f]{4}$/.test(text) &&
  crc16(text.slice(0, -4)) === text.slice(-4).toUpperCase();
