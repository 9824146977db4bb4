import type { Ref } from 'react';
import { useGame } from '../game/room';
import { useTexts } from '../i18n/useTexts';
import { Link } from '../router/Link';
import type { Route } from '../router/matchRoute';
import { Icon } from './Icon';

interface Props {
  readonly route: Route;
  /** The heading, which takes the focus when the page changes. */
  readonly headingRef: Ref<HTMLHeadingElement>;
  readonly panelOpen: boolean;
  readonly toggleRef: Ref<HTMLButtonElement>;
  readonly onPanel: () => void;
}

function GameTitle({ id }: { readonly id: string }) {
  const { titles, games } = useTexts().texts;
  const game = useGame(id);
  if (!game) return titles.game;
  const { name, russian } = games[game.session.gameType];
  return (
    <>
      {name} {russian && <span lang="ru">{russian}</span>}
    </>
  );
}

/** Where the way back leads from pages that have no tab. */
const backs: Readonly<Partial<Record<Route['page'], string>>> = { game: '/', privacy: '/settings' };

export function TopBar({ route, headingRef, panelOpen, toggleRef, onPanel }: Props) {
  const { back, titles, panel } = useTexts().texts;
  const up = backs[route.page];
  return (
    <header className="topbar">
      {up !== undefined && (
        <Link
          to={up}
          className="icon-button"
          aria-label={route.page === 'game' ? back : titles.settings}
          data-testid="back"
        >
          <Icon name="back" />
        </Link>
      )}
      <h1 className="topbar-title" ref={headingRef} tabIndex={-1}>
        {route.page === 'game' ? <GameTitle id={route.id} /> : titles[route.page]}
      </h1>
      <button
        ref={toggleRef}
        type="button"
        className="icon-button"
        aria-label={panel.toggle}
        aria-expanded={panelOpen}
        aria-controls={panelOpen ? 'stats-panel' : undefined}
        data-testid="stats-toggle"
        onClick={onPanel}
      >
        <Icon name="pulse" />
      </button>
    </header>
  );
}
