import { useEffect, useState } from 'react';
import { useBrand } from './brand.ts';

/** The ISP's logo, from the phone's memory; nothing where it has none. */
export function BrandMark() {
  const { logo } = useBrand();
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!logo) return setAddress(null);
    const made = URL.createObjectURL(logo);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [logo]);
  if (address === null) return null;
  return <img src={address} alt="" className="mr-1 h-9 max-w-24 rounded bg-white object-contain" />;
}
