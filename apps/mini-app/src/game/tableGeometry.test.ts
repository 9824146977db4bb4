import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cueSpot, distance, nearestPocket, pockets, rack, spread, table } from './tableGeometry';

const inside = ({ x, y }: { x: number; y: number }) => {
  const inset = table.rail + table.ball;
  return x >= inset && x <= table.width - inset && y >= inset && y <= table.height - inset;
};

function closest(points: readonly { x: number; y: number }[]): number {
  return Math.min(...points.flatMap((a, at) => points.slice(at + 1).map((b) => distance(a, b))));
}

describe('nearestPocket', () => {
  it('is a corner near the corner, and a middle pocket near the middle of a long side', () => {
    expect(nearestPocket({ x: 60, y: 60 })).toBe(pockets[0]);
    expect(nearestPocket({ x: 300, y: 260 })).toBe(pockets[3]);
    expect(nearestPocket({ x: 300, y: 440 })).toBe(pockets[5]);
  });

  it('is never farther than any other', () => {
    const point = fc.record({ x: fc.integer({ min: 0, max: 360 }), y: fc.integer({ min: 0, max: 500 }) });
    fc.assert(
      fc.property(point, (from) => {
        const best = distance(nearestPocket(from), from);
        expect(pockets.every((pocket) => distance(pocket, from) >= best)).toBe(true);
      }),
    );
  });
});

describe('rack', () => {
  it('stands fifteen balls close together on the cloth, none inside another', () => {
    expect(rack()).toHaveLength(15);
    expect(rack().every(inside)).toBe(true);
    expect(closest(rack())).toBeGreaterThanOrEqual(table.ball * 2);
  });
});

describe('spread', () => {
  it('lays the cue ball and fifteen balls apart from each other on the cloth, in every game', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const points = [cueSpot, ...spread(seed)];
        expect(points).toHaveLength(16);
        expect(points.every(inside)).toBe(true);
        expect(closest(points)).toBeGreaterThanOrEqual(table.ball * 2 + 1);
      }),
    );
  });

  it('is the same for the same game and another for another', () => {
    expect(spread('42')).toEqual(spread('42'));
    expect(spread('42')).not.toEqual(spread('43'));
  });
});
