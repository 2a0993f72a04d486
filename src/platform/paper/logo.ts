import { inflateSync } from 'node:zlib';

/** Of each side; a larger one is no logo, and would fill the memory of the thread that unpacks it. */
const mostPixels = 2_000;
/** Channels by PNG colour type (PNG §11.2.2). */
const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

function pngParts(content: Buffer): readonly Buffer[] | null {
  const data: Buffer[] = [];
  for (let at = 8; at + 12 <= content.length; ) {
    const length = content.readUInt32BE(at);
    const type = content.toString('latin1', at + 4, at + 8);
    if (at + 12 + length > content.length) return null;
    if (type === 'IDAT') data.push(content.subarray(at + 8, at + 8 + length));
    if (type === 'IEND') return data;
    at += 12 + length;
  }
  return null;
}

/** Whether it unpacks to what its head says, and to no more: a few bytes may stand for gigabytes. */
function isWholePng(content: Buffer): boolean {
  if (content.length < 33 || content.toString('latin1', 12, 16) !== 'IHDR') return false;
  const [width, height] = [content.readUInt32BE(16), content.readUInt32BE(20)];
  const bits = (channels[content.readUInt8(25)] ?? 0) * content.readUInt8(24);
  if (bits === 0 || width < 1 || height < 1 || width > mostPixels || height > mostPixels) return false;
  const isInterlaced = content.readUInt8(28) !== 0;
  const rowBytes = Math.ceil((width * bits) / 8) + 1;
  const parts = pngParts(content);
  if (!parts) return false;
  // Passes of an interlaced picture have rows of their own.
  const most = isInterlaced ? 2 * rowBytes * height + 64 : rowBytes * height;
  const unpacked = inflateSync(Buffer.concat(parts), { maxOutputLength: most });
  return isInterlaced || unpacked.length === most;
}

/** The picture as it may be put on paper; null: it is none that can be. */
export function printableLogo(logo: Uint8Array | null): Buffer | null {
  if (logo === null) return null;
  const content = Buffer.from(logo.buffer, logo.byteOffset, logo.byteLength);
  if (content.toString('latin1', 0, 3) === '\xff\xd8\xff') return content;
  if (content.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return null;
  try {
    return isWholePng(content) ? content : null;
  } catch {
    // Damaged, or packed to blow up: the paper goes without it.
    return null;
  }
}
