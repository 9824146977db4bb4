import { PLAYERS, playerNames } from '../game/playerNames';
import { useTexts } from '../i18n/useTexts';
import { Icon } from './Icon';

interface Props {
  readonly count: number;
  readonly onChange: (count: number) => void;
}

/** How many sit down, and who they are. */
export function PlayerStepper({ count, onChange }: Props) {
  const {
    texts: { lobby, players },
    format,
  } = useTexts();
  return (
    <section className="card players" aria-label={lobby.players}>
      <div className="players-text">
        <h2>{lobby.players}</h2>
        <p className="hint" data-testid="players-names">
          {playerNames
            .slice(0, count)
            .map((name) => players[name])
            .join(', ')}
        </p>
      </div>
      <div className="stepper">
        <button
          type="button"
          className="icon-button tinted"
          aria-label={lobby.fewer}
          data-testid="players-minus"
          disabled={count <= PLAYERS.least}
          onClick={() => onChange(count - 1)}
        >
          <Icon name="minus" />
        </button>
        <output className="stepper-count" data-testid="players-count">
          {format.number(count)}
        </output>
        <button
          type="button"
          className="icon-button tinted"
          aria-label={lobby.more}
          data-testid="players-plus"
          disabled={count >= PLAYERS.most}
          onClick={() => onChange(count + 1)}
        >
          <Icon name="plus" />
        </button>
      </div>
    </section>
  );
}
