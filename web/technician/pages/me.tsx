import { session } from '../api/session.ts';
import { useStored } from '../kept/stored.ts';
import { Attendance } from '../parts/attendance.tsx';
import { Card } from '../parts/card.tsx';
import { KpiCard } from '../parts/kpi.tsx';
import { Languages } from '../parts/languages.tsx';
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
