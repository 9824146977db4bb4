import { gameBalls } from '../game/gameBalls';
import { type GameType, gameTypes } from '../game/session';
import { useTexts } from '../i18n/useTexts';
import { Ball } from './Ball';

interface Props {
  readonly value: GameType;
  readonly onChange: (gameType: GameType) => void;
}

/** The four games to choose from. */
export function GameTypeCards({ value, onChange }: Props) {
  const { lobby, games } = useTexts().texts;
  return (
    <fieldset className="games">
      <legend>{lobby.game}</legend>
      {gameTypes.map((type) => {
        const { name, russian, rule } = games[type];
        return (
          <label key={type} className="game-card" data-testid={`game-type-${type}`}>
            <input
              type="radio"
              name="game-type"
              value={type}
              checked={type === value}
              onChange={() => onChange(type)}
            />
            <span className="game-ball">
              <Ball number={gameBalls[type]} turn={-12} />
            </span>
            <span className="game-name">{name}</span>
            {russian && (
              <span className="game-russian" lang="ru">
                {russian}
              </span>
            )}
            <span className="game-rule">{rule}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
