import { Component, type ReactNode, useEffect } from 'react';
import { session } from './api/session.ts';
import { useStored } from './kept/stored.ts';
import { Button } from './parts/button.tsx';
import { NewVersion } from './parts/new-version.tsx';
import { type Route, useRoute } from './route.ts';
import { language } from './texts/language.ts';
import { wordsNow } from './texts/words.ts';

export type Shown = { readonly page: ReactNode; readonly tabs: ReactNode };

type UnbrokenProps = { readonly children: ReactNode; readonly sorry: () => string };

/** A page that breaks must not take the way out with it. */
class Unbroken extends Component<UnbrokenProps, { readonly isBroken: boolean }> {
  override state = { isBroken: false };
  static getDerivedStateFromError = () => ({ isBroken: true });
  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    return (
      <div className="space-y-4 p-4">
        <p className="text-xl font-bold">{this.props.sorry()}</p>
        <Button look="main" isBig onPress={() => location.replace('./')}>
          {wordsNow().reload}
        </Button>
      </div>
    );
  }
}

type Props = {
  readonly shownAt: (route: Route) => Shown;
  readonly login: ReactNode;
  /** What a page that broke says. */
  readonly sorry: () => string;
};

/** Who is logged in sees the page at the address, everybody else the login. */
export function AppFrame({ shownAt, login, sorry }: Props) {
  const route = useRoute();
  const who = useStored(session);
  const chosen = useStored(language);
  useEffect(() => {
    document.documentElement.lang = chosen;
  }, [chosen]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page begins at its top
  useEffect(() => {
    // In braces: where scrolling answers a promise, React would take that for a way to clean up.
    void scrollTo(0, 0);
  }, [route.page, route.id]);
  if (who === undefined) return null;
  if (who === null || route.page === 'login') return login;
  const { page, tabs } = shownAt(route);
  return (
    <Unbroken key={`${route.page}/${route.id}`} sorry={sorry}>
      <NewVersion />
      <div className="flex min-h-dvh flex-col">
        <div className="flex flex-1 flex-col">{page}</div>
        {tabs}
      </div>
    </Unbroken>
  );
}
