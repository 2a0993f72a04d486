/** `AA:BB:CC:DD:EE:FF`, the notation that `radius-config/` brings every Calling-Station-Id into; null when it is no MAC. */
export function normalMac(text: string): string | null {
  const digits = text.trim().replace(/[-:.\s]/g, '');
  if (!/^[0-9a-f]{12}$/i.test(digits)) return null;
  return (digits.toUpperCase().match(/../g) ?? []).join(':');
}
