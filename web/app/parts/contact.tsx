import { useWords } from '../texts/words.ts';

export type Reachable = {
  readonly phone: string;
  readonly address: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
};

const digits = (phone: string): string => phone.replace(/[^0-9+]/g, '');

/** WhatsApp wants the country in front: Indonesian numbers are written with 0 (ITU: 62). */
const international = (phone: string): string => digits(phone).replace(/^\+/, '').replace(/^0/, '62');

/** A chat with a number, or with whom the person chooses where there is none; `text` is there to be sent, not sent. */
export const whatsAppOf = (phone: string, text = ''): string =>
  `https://wa.me/${international(phone)}${text === '' ? '' : `?text=${encodeURIComponent(text)}`}`;

function mapOf({ latitude, longitude, address }: Reachable): string | null {
  const at = latitude !== null && longitude !== null ? `${latitude},${longitude}` : address;
  return at ? `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(at)}` : null;
}

type LinkProps = { readonly href: string; readonly text: string; readonly isOutside?: boolean };

/** A link that a thumb finds; what is outside opens beside the page. */
export function ButtonLink({ href, text, isOutside = false }: LinkProps) {
  const outside = isOutside ? { target: '_blank', rel: 'noopener noreferrer' } : {};
  return (
    <a
      href={href}
      {...outside}
      className="flex min-h-13 items-center justify-center rounded-xl border-2 border-deep bg-white px-1 text-center text-base font-semibold text-deep print:hidden"
    >
      {text}
    </a>
  );
}

/** The map, a call, a message: one touch each. What is no phone number becomes none: only digits reach an address. */
export function Contact({ customer }: { readonly customer: Reachable }) {
  const t = useWords();
  const phone = digits(customer.phone);
  const map = mapOf(customer);
  return (
    <div className="mt-3 grid grid-cols-[1fr_1fr_1.3fr] gap-2">
      {map !== null && <ButtonLink href={map} text={t.map} isOutside />}
      {phone !== '' && <ButtonLink href={`tel:${phone}`} text={t.call} />}
      {phone !== '' && <ButtonLink href={whatsAppOf(phone)} text={t.whatsapp} isOutside />}
    </div>
  );
}
