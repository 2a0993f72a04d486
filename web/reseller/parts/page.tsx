import { useOnline } from '../../app/online.ts';
import { PageFrame, type PageProps } from '../../app/parts/page.tsx';
import { BrandMark } from '../brand/mark.tsx';
import { useTexts } from '../texts/texts.ts';

function OfflineBar() {
  const t = useTexts();
  const isOnline = useOnline();
  return (
    <div role="status">
      {!isOnline && (
        <p className="border-b border-line bg-wait-pale px-3 py-2 text-base leading-tight font-bold text-wait">
          {t.offline}
        </p>
      )}
    </div>
  );
}

/** A page of the reseller's: the ISP's logo, and whether there is signal, for without it no money moves. */
export const Page = (page: PageProps) => <PageFrame {...page} mark={<BrandMark />} bar={<OfflineBar />} />;
