import { addressOf } from '../../app/route.ts';
import { Page } from '../parts/page.tsx';
import { useTexts } from '../texts/texts.ts';

function Choice({ page, title, hint }: { readonly page: string; readonly title: string; readonly hint: string }) {
  return (
    <a href={addressOf('scan', page)} className="block rounded-xl border-2 border-deep bg-white px-4 py-4">
      <span className="block text-xl font-bold text-deep">{title}</span>
      <span className="block leading-snug text-quiet">{hint}</span>
    </a>
  );
}

/** Scans that belong to no order. */
export function ScanPage() {
  const t = useTexts();
  return (
    <Page title={t.scan.what}>
      <Choice page="pick_up" title={t.scan.pickUp} hint={t.scan.pickUpHint} />
      <Choice page="return" title={t.scan.giveBack} hint={t.scan.giveBackHint} />
      <Choice page="look" title={t.scan.look} hint={t.scan.lookHint} />
    </Page>
  );
}
