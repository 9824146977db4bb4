import { PLAYERS, playerNames } from '../game/playerNames';
import { Icon } from './Icon';

interface Props {
  readonly count: number;
  readonly onChange: (count: number) => void;
}

/** How many sit down, and who they are. */
export function PlayerStepper({ count, onChange }: Props) {
  return (
    <section className="card players" aria-label="Players">
      <div className="players-text">
        <h2>Players</h2>
        <p className="hint" data-testid="players-names">
          {playerNames.slice(0, count).join(', ')}
        </p>
      </div>
      <div className="stepper">
        <button
          type="button"
          className="icon-button tinted"
          aria-label="Fewer players"
          data-testid="players-minus"
          disabled={count <= PLAYERS.least}
          onClick={() => onChange(count - 1)}
        >
          <Icon name="minus" />
        </button>
        <output className="stepper-count" data-testid="players-count">
          {count}
        </output>
        <button
          type="button"
          className="icon-button tinted"
          aria-label="More players"
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
