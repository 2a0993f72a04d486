import { type LoggedIn, session } from '../../app/api/session.ts';
import { useStored } from '../../app/kept/stored.ts';
import { addressOf } from '../../app/route.ts';
import { Page } from '../parts/page.tsx';
import { useTexts } from '../texts/texts.ts';

/** Whose word hands a unit over; the hub asks for the permission again (docs/roles.md). */
export const keepsStock = (who: LoggedIn | null | undefined): boolean =>
  who?.user.role === 'warehouse' || who?.user.role === 'admin';

type ChoiceProps = { readonly href: string; readonly title: string; readonly hint: string };

function Choice({ href, title, hint }: ChoiceProps) {
  return (
    <a href={href} className="block rounded-xl border-2 border-deep bg-white px-4 py-4">
      <span className="block text-xl font-bold text-deep">{title}</span>
      <span className="block leading-snug text-quiet">{hint}</span>
    </a>
  );
}

/** Scans that belong to no order. The warehouse hands over what a technician picks up. */
export function ScanPage() {
  const t = useTexts();
  const isKeeper = keepsStock(useStored(session));
  return (
    <Page title={t.scan.what}>
      {isKeeper ? (
        <Choice href={addressOf('hand-over')} title={t.scan.handOver} hint={t.scan.handOverHint} />
      ) : (
        <Choice href={addressOf('scan', 'pick_up')} title={t.scan.pickUp} hint={t.scan.pickUpHint} />
      )}
      <Choice href={addressOf('scan', 'return')} title={t.scan.giveBack} hint={t.scan.giveBackHint} />
      <Choice href={addressOf('scan', 'look')} title={t.scan.look} hint={t.scan.lookHint} />
    </Page>
  );
}
