import { type CSSProperties, useEffect, useState } from 'react';
import { cueSpot, nearestPocket, type Point, rack, spread, table } from '../game/tableGeometry';
import { useTexts } from '../i18n/useTexts';
import { Ball } from './Ball';
import { TableWood } from './TableWood';

interface Props {
  /** Id of the game: the balls of one game always lie in the same places. */
  readonly seed: string;
  /** Balls still on the table. */
  readonly balls: readonly number[];
  /** Where the cue ball came to rest: the place of the ball that it last sent down. */
  readonly lastPotted: number | undefined;
  readonly disabled: boolean;
  readonly onBallClick: (ball: number) => void;
}

const BREAK_AFTER = 450;
const numbers = Array.from({ length: 15 }, (_, index) => index + 1);

/** Puts a ball at a point, in shares of the table's width: the style sheet makes lengths of them. */
function at({ x, y }: Point): CSSProperties {
  return { '--x': x / table.width, '--y': y / table.width } as CSSProperties;
}

/** After a ball went down by keyboard, the focus would be lost with it. */
function focusNext(from: HTMLButtonElement) {
  const others = [...(from.parentElement?.querySelectorAll<HTMLButtonElement>('.ball:not(:disabled)') ?? [])];
  const here = others.indexOf(from);
  (others[here + 1] ?? others[here - 1])?.focus();
}

/** The table from above with its balls; a tap sends a ball into the nearest pocket. */
export function BilliardTable({ seed, balls, lastPotted, disabled, onBallClick }: Props) {
  const texts = useTexts().texts.table;
  const [broken, setBroken] = useState(balls.length < numbers.length);
  const [places] = useState(() => spread(seed));
  const [racked] = useState(rack);

  useEffect(() => {
    const timer = setTimeout(() => setBroken(true), BREAK_AFTER);
    return () => clearTimeout(timer);
  }, []);

  const place = (ball: number): Point => (broken ? places : racked)[ball - 1] ?? cueSpot;
  const cue = lastPotted === undefined ? cueSpot : place(lastPotted);

  return (
    <section className="table" data-testid="table" aria-label={texts.label}>
      <TableWood />
      {numbers.map((ball) => {
        const lies = balls.includes(ball);
        return (
          <button
            key={ball}
            type="button"
            className={lies ? 'ball' : 'ball potted'}
            style={at(lies ? place(ball) : nearestPocket(place(ball)))}
            aria-label={texts.pot(ball)}
            data-testid={`ball-${ball}`}
            disabled={disabled || !lies}
            onClick={(event) => {
              if (event.detail === 0) focusNext(event.currentTarget);
              onBallClick(ball);
            }}
          >
            <Ball number={ball} turn={((ball * 47) % 60) - 30} />
          </button>
        );
      })}
      {lastPotted !== undefined && (
        <span key={lastPotted} className="gulp" style={at(nearestPocket(place(lastPotted)))} />
      )}
      <span className="ball cue" style={at(cue)} data-testid="cue-ball">
        <Ball />
      </span>
    </section>
  );
}
