import { logOut, session } from '../app/api/session.ts';
import { useStored } from '../app/kept/stored.ts';
import { Button } from '../app/parts/button.tsx';
import { Card } from '../app/parts/card.tsx';
import { ButtonLink } from '../app/parts/contact.tsx';
import { Languages } from '../app/parts/languages.tsx';
import { addressOf, goTo } from '../app/route.ts';
import { useBrand } from './brand/brand.ts';
import { Page } from './parts/page.tsx';
import { useTexts } from './texts/texts.ts';

export function MorePage() {
  const t = useTexts();
  const user = useStored(session)?.user;
  const { name } = useBrand();
  return (
    <Page title={t.tabs.more}>
      <ButtonLink href={addressOf('commission')} text={t.moreTab.commission} />
      <ButtonLink href={addressOf('requests')} text={t.moreTab.requests} />
      <ButtonLink href={addressOf('import')} text={t.moreTab.import} />
      <Card title={t.moreTab.profile}>
        <p className="font-semibold break-words">{user?.name}</p>
        <p className="break-words text-quiet">{name}</p>
      </Card>
      <Card title={t.language}>
        <Languages />
      </Card>
      <Button look="quiet" onPress={() => void logOut().then(() => goTo('login'))}>
        {t.logOut}
      </Button>
    </Page>
  );
}
