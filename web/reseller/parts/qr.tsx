import QRCode from 'qrcode';

/** Four squares of light around the code: what scanners need (ISO/IEC 18004). */
const quiet = 4;

/** A text as a QR code, drawn in squares; who cannot see it has the text beside it. */
export function Qr({ text }: { readonly text: string }) {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const { size } = modules;
  const side = size + 2 * quiet;
  const dark: string[] = [];
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) if (modules.get(y, x) === 1) dark.push(`M${x + quiet} ${y + quiet}h1v1h-1z`);
  return (
    <svg viewBox={`0 0 ${side} ${side}`} aria-hidden="true" className="mx-auto w-full max-w-56">
      <path d={`M0 0h${side}v${side}H0z`} fill="#fff" />
      <path d={dark.join('')} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
