import { gameTitles } from '../game/gameTitles';
import { type GameType, gameTypes } from '../game/session';
import { Ball } from './Ball';

interface Props {
  readonly value: GameType;
  readonly onChange: (gameType: GameType) => void;
}

/** The four games to choose from. */
export function GameTypeCards({ value, onChange }: Props) {
  return (
    <fieldset className="games">
      <legend>Game</legend>
      {gameTypes.map((type) => {
        const { name, russian, rule, ball } = gameTitles[type];
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
              <Ball number={ball} turn={-12} />
            </span>
            <span className="game-name">{name}</span>
            <span className="game-russian" lang="ru">
              {russian}
            </span>
            <span className="game-rule">{rule}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
