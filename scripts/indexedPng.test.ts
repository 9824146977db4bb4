import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { indexedPng } from './indexedPng';

type Rgb = readonly [number, number, number];

function paint(width: number, height: number, colour: (x: number, y: number) => Rgb) {
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rgba.set([...colour(x, y), 255], (y * width + x) * 4);
  return { width, height, rgba };
}

/** Reads back what `indexedPng` writes, and nothing else. */
function read(png: Buffer) {
  const parts = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    parts.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const part = (type: string) => parts.get(type) ?? Buffer.alloc(0);
  const width = part('IHDR').readUInt32BE(0);
  const height = part('IHDR').readUInt32BE(4);
  const rows = inflateSync(part('IDAT'));
  const palette = part('PLTE');
  const at = (x: number, y: number) => {
    const index = rows[y * (width + 1) + 1 + x] ?? 0;
    return [...palette.subarray(index * 3, index * 3 + 3)];
  };
  return { width, height, at, colours: palette.length / 3 };
}

describe('indexedPng', () => {
  it('keeps a picture of few colours as it is', () => {
    const colours: readonly Rgb[] = [
      [255, 255, 255],
      [15, 122, 82],
      [220, 147, 37],
    ];
    const colour = (x: number, y: number): Rgb => colours[(x + y) % 3] ?? [0, 0, 0];
    const picture = read(indexedPng(paint(7, 5, colour)));
    expect([picture.width, picture.height, picture.colours]).toEqual([7, 5, 3]);
    for (let y = 0; y < 5; y++)
      for (let x = 0; x < 7; x++) expect(picture.at(x, y)).toEqual([...colour(x, y)]);
  });

  it('comes close to a picture of many, and does not lose an accent in it', () => {
    const accent: Rgb = [255, 0, 0];
    const colour = (x: number, y: number): Rgb => (x < 3 && y < 3 ? accent : [20, 60 + (x + y) / 2.5, x]);
    const picture = read(indexedPng(paint(200, 200, colour)));
    expect(picture.colours).toBe(256);
    for (let y = 0; y < 200; y += 7)
      for (let x = 0; x < 200; x += 7) {
        const far = picture.at(x, y).map((value, channel) => Math.abs(value - (colour(x, y)[channel] ?? 0)));
        expect(Math.max(...far)).toBeLessThan(20);
      }
    expect(picture.at(1, 1)).toEqual([...accent]);
  });
});
