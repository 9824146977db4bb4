/** The table in its own units; the page scales it. The long sides stand upright, as a phone does. */
export const table = { width: 360, height: 500, rail: 26, cushion: 9, ball: 22 } as const;

export interface Point {
  readonly x: number;
  readonly y: number;
}

const edge = table.rail - 1;

/** Centres of the six pockets. */
export const pockets: readonly Point[] = [
  { x: edge, y: edge },
  { x: table.width - edge, y: edge },
  { x: edge - 1, y: table.height / 2 },
  { x: table.width - edge + 1, y: table.height / 2 },
  { x: edge, y: table.height - edge },
  { x: table.width - edge, y: table.height - edge },
];

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** The pocket that a ball goes down from where it lies. */
export function nearestPocket(from: Point): Point {
  return pockets.reduce((best, pocket) => (distance(pocket, from) < distance(best, from) ? pocket : best));
}

/** Where the fifteen balls stand before the break: a tight triangle with its tip towards the cue ball. */
export function rack(): Point[] {
  const gap = table.ball * 2 + 0.5;
  const tip = { x: table.width / 2, y: table.height * 0.48 };
  return [0, 1, 2, 3, 4].flatMap((row) =>
    Array.from({ length: row + 1 }, (_, at) => ({
      x: tip.x + (at - row / 2) * gap,
      y: tip.y - row * gap * Math.sin(Math.PI / 3),
    })),
  );
}

/** Where the cue ball waits for the break. */
export const cueSpot: Point = { x: table.width / 2, y: table.height * 0.78 };

/** Random numbers in [0, 1) that are the same for the same seed (mulberry32). */
function seeded(seed: string): () => number {
  let state = [...seed].reduce(
    (hash, char) => Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619),
    2_166_136_261,
  );
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Where balls 1 to 15 lie after the break, the cue ball being at `cueSpot`; the same for the same game. Each is the best
 * of some random places (Mitchell's best candidate), so that no two touch and every one can be hit with a thumb.
 */
export function spread(seed: string): Point[] {
  const random = seeded(seed);
  const inset = table.rail + table.cushion + table.ball + 3;
  const candidate = () => ({
    x: inset + random() * (table.width - 2 * inset),
    y: inset + random() * (table.height - 2 * inset),
  });
  // A pocket's rim may be closer than another ball's centre would be.
  const room = (point: Point, placed: readonly Point[]) =>
    Math.min(
      ...placed.map((other) => distance(other, point)),
      ...pockets.map((pocket) => distance(pocket, point) + 12),
    );

  const placed: Point[] = [cueSpot];
  while (placed.length < 16) {
    const candidates = Array.from({ length: 40 }, candidate);
    placed.push(candidates.reduce((best, next) => (room(next, placed) > room(best, placed) ? next : best)));
  }
  return placed.slice(1);
}
