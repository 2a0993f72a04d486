import type { WorkOrder } from '../api/shapes.ts';
import { useTexts } from '../texts/texts.ts';

type Customer = WorkOrder['customer'];

const digits = (phone: string): string => phone.replace(/[^0-9+]/g, '');

/** WhatsApp wants the country in front: Indonesian numbers are written with 0 (ITU: 62). */
const international = (phone: string): string => digits(phone).replace(/^\+/, '').replace(/^0/, '62');

function mapOf({ latitude, longitude, address }: Customer): string | null {
  const at = latitude !== null && longitude !== null ? `${latitude},${longitude}` : address;
  return at ? `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(at)}` : null;
}

function Link({
  href,
  text,
  isOutside = false,
}: {
  readonly href: string;
  readonly text: string;
  readonly isOutside?: boolean;
}) {
  const outside = isOutside ? { target: '_blank', rel: 'noopener noreferrer' } : {};
  return (
    <a
      href={href}
      {...outside}
      className="flex min-h-13 items-center justify-center rounded-xl border-2 border-deep text-base font-semibold text-deep"
    >
      {text}
    </a>
  );
}

/** The map, a call, a message: one touch each. What is no phone number becomes none: only digits reach an address. */
export function Contact({ customer }: { readonly customer: Customer }) {
  const t = useTexts();
  const phone = digits(customer.phone);
  const map = mapOf(customer);
  return (
    <div className="mt-3 grid grid-cols-3 gap-2">
      {map !== null && <Link href={map} text={t.order.map} isOutside />}
      {phone !== '' && <Link href={`tel:${phone}`} text={t.order.call} />}
      {phone !== '' && <Link href={`https://wa.me/${international(phone)}`} text={t.order.whatsapp} isOutside />}
    </div>
  );
}
