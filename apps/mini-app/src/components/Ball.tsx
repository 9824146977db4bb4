/** Gradients that every ball of the page is painted with; rendered once, before the balls. */
export function BallPaint() {
  return (
    <svg className="paint" width="0" height="0" aria-hidden="true">
      <defs>
        <radialGradient id="ivory" cx="0.38" cy="0.3" r="0.78">
          <stop offset="0" stopColor="#ffffff" />
          <stop offset="0.45" stopColor="#f6f1e4" />
          <stop offset="0.8" stopColor="#d9cfb6" />
          <stop offset="1" stopColor="#a4977a" />
        </radialGradient>
        <radialGradient id="amber" cx="0.38" cy="0.3" r="0.78">
          <stop offset="0" stopColor="#ffdf9c" />
          <stop offset="0.4" stopColor="#eaa63a" />
          <stop offset="0.8" stopColor="#b26c12" />
          <stop offset="1" stopColor="#6f3f06" />
        </radialGradient>
        {/* What the cloth throws back at the underside. */}
        <radialGradient id="bounce" cx="0.46" cy="0.4" r="0.6">
          <stop offset="0.8" stopColor="#1c8a5f" stopOpacity="0" />
          <stop offset="1" stopColor="#1c8a5f" stopOpacity="0.4" />
        </radialGradient>
        <radialGradient id="gloss" cx="0.5" cy="0.5" r="0.5">
          <stop offset="0" stopColor="#ffffff" stopOpacity="0.95" />
          <stop offset="1" stopColor="#ffffff" stopOpacity="0" />
        </radialGradient>
      </defs>
    </svg>
  );
}

interface Props {
  /** Number of the ball; without it, the amber cue ball. */
  readonly number?: number;
  /** Degrees by which the number is turned, as balls on a table lie. */
  readonly turn?: number;
}

/** A ball of Russian billiards. */
export function Ball({ number, turn = 0 }: Props) {
  return (
    <svg className="ball-face" viewBox="0 0 48 48" aria-hidden="true">
      <circle cx="24" cy="24" r="23" fill={number === undefined ? 'url(#amber)' : 'url(#ivory)'} />
      <circle cx="24" cy="24" r="23" fill="url(#bounce)" />
      {number !== undefined && (
        <text x="24" y="24" dy="0.36em" transform={`rotate(${turn} 24 24)`} className="ball-number">
          {number}
        </text>
      )}
      <ellipse cx="16.5" cy="13" rx="8" ry="5.5" transform="rotate(-35 16.5 13)" fill="url(#gloss)" />
    </svg>
  );
}
