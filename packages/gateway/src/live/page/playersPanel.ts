import type { Update } from '../wire';
import { createBars } from './bars';

/** What players do most: actions, game events, and what the app counts under names of its own. */
export function createPlayersPanel(parent: HTMLElement): (update: Update) => void {
  const actions = createBars('Actions', 'actions', 'No actions yet.');
  const games = createBars('Game events', 'games', 'No game events yet.');
  const others = createBars('Other metrics', 'other', '');
  parent.append(actions.element, games.element, others.element);
  return (update) => {
    actions.show(update.actions);
    games.show(update.games);
    others.show(update.others);
    others.element.hidden = update.others.length === 0;
  };
}
