import type { Consent } from '../consent/useConsent';
import type { Wire } from '../developer/wire';
import type { Route } from '../router/matchRoute';
import { ApiLab } from './ApiLab';
import { Broken } from './Broken';
import { GameRoom } from './GameRoom';
import { History } from './History';
import { Lobby } from './Lobby';
import { Missing } from './Missing';
import { Privacy } from './Privacy';
import { Settings } from './Settings';

/** What some of the pages are given. */
export interface PageNeeds {
  readonly consent: Consent;
  readonly wire: Wire;
  readonly onPanel: () => void;
}

/** The page of a route. */
export function Page({ route, needs }: { readonly route: Route; readonly needs: PageNeeds }) {
  switch (route.page) {
    case 'lobby':
      return <Lobby />;
    case 'game':
      return <GameRoom id={route.id} />;
    case 'history':
      return <History />;
    case 'settings':
      return <Settings {...needs} />;
    case 'privacy':
      return <Privacy />;
    case 'broken':
      return <Broken />;
    case 'api-lab':
      return <ApiLab />;
    case 'missing':
      return <Missing />;
  }
}
