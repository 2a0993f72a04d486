import { session } from '../../app/api/session.ts';
import { useStored } from '../../app/kept/stored.ts';
import { Card } from '../../app/parts/card.tsx';
import { Languages } from '../../app/parts/languages.tsx';
import { Attendance } from '../parts/attendance.tsx';
import { KpiCard } from '../parts/kpi.tsx';
import { LogOut } from '../parts/log-out.tsx';
import { Page } from '../parts/page.tsx';
import { useTexts } from '../texts/texts.ts';

export function MePage() {
  const t = useTexts();
  const user = useStored(session)?.user;
  return (
    <Page title={user?.name ?? t.tabs.me}>
      <Attendance />
      <KpiCard />
      <Card title={t.language}>
        <Languages />
      </Card>
      <LogOut />
    </Page>
  );
}
