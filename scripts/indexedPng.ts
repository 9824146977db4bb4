// Pictures for the README in a third of their bytes: PNG with a palette of 256 colours.
import { crc32, deflateSync } from 'node:zlib';

/** Pixels row by row, four bytes each: red, green, blue, and an alpha that is not kept. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** One colour of the picture, with four bits less of precision than a pixel has, and how often it occurs. */
interface Shade {
  readonly rgb: readonly [number, number, number];
  readonly count: number;
}

const COLOURS = 256;
/** Bits of each channel by which shades are told apart. */
const BITS = 6;
const channels = [0, 1, 2] as const;

function shadeKey(red: number, green: number, blue: number): number {
  const drop = 8 - BITS;
  return ((red >> drop) << (2 * BITS)) | ((green >> drop) << BITS) | (blue >> drop);
}

function countShades({ rgba }: Pixels): Map<number, Shade> {
  const sums = new Map<number, { count: number; sum: [number, number, number] }>();
  for (let at = 0; at < rgba.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = rgba.subarray(at, at + 3);
    const key = shadeKey(red, green, blue);
    const known = sums.get(key);
    if (known) {
      known.count += 1;
      known.sum[0] += red;
      known.sum[1] += green;
      known.sum[2] += blue;
    } else sums.set(key, { count: 1, sum: [red, green, blue] });
  }
  return new Map(
    [...sums].map(
      ([
        key,
        {
          count,
          sum: [red, green, blue],
        },
      ]) => [key, { count, rgb: [red / count, green / count, blue / count] }],
    ),
  );
}

/** A box of shades: where it is widest, and what its width weighs. */
function measure(shades: readonly Shade[]) {
  const spans = channels.map((channel) => {
    const values = shades.map(({ rgb }) => rgb[channel]);
    return values.reduce((a, b) => Math.max(a, b), 0) - values.reduce((a, b) => Math.min(a, b), 255);
  });
  const widest = channels.reduce(
    (best, channel) => ((spans[channel] ?? 0) > (spans[best] ?? 0) ? channel : best),
    0 as 0 | 1 | 2,
  );
  const pixels = shades.reduce((sum, { count }) => sum + count, 0);
  // Rare colours count for more than their pixels: an accent must not drown in a background.
  return { shades, widest, weight: (spans[widest] ?? 0) * pixels ** 0.3 };
}

function average(shades: readonly Shade[]): [number, number, number] {
  const pixels = shades.reduce((sum, { count }) => sum + count, 0);
  const mean = (channel: 0 | 1 | 2) =>
    Math.round(shades.reduce((sum, { rgb, count }) => sum + rgb[channel] * count, 0) / pixels);
  return [mean(0), mean(1), mean(2)];
}

/** Boxes of shades by median cut (Heckbert, "Color image quantization for frame buffer display", 1982). */
function cut(shades: readonly Shade[]): readonly (readonly Shade[])[] {
  let boxes = [measure(shades)];
  while (boxes.length < COLOURS) {
    const largest = boxes.reduce((best, box) => (box.weight > best.weight ? box : best));
    if (largest.weight === 0) break;
    const { widest } = largest;
    const sorted = [...largest.shades].sort((a, b) => a.rgb[widest] - b.rgb[widest]);
    const half = sorted.reduce((sum, { count }) => sum + count, 0) / 2;
    let passed = 0;
    const median = sorted.findIndex(({ count }) => {
      passed += count;
      return passed >= half;
    });
    const at = Math.min(Math.max(median, 1), sorted.length - 1);
    boxes = [
      ...boxes.filter((box) => box !== largest),
      measure(sorted.slice(0, at)),
      measure(sorted.slice(at)),
    ];
  }
  return boxes.map((box) => box.shades);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** Writes a picture as PNG with a palette (https://www.w3.org/TR/png-3/, colour type 3, 8 bits). */
export function indexedPng(pixels: Pixels): Buffer {
  const { width, height, rgba } = pixels;
  const shades = countShades(pixels);
  const boxes = cut([...shades.values()]);
  const indexOf = new Map(boxes.flatMap((box, index) => box.map((shade) => [shade, index] as const)));
  // Each row begins with its filter: none, which suits palettes best.
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red = 0, green = 0, blue = 0] = rgba.subarray((y * width + x) * 4);
      const shade = shades.get(shadeKey(red, green, blue));
      rows[y * (width + 1) + 1 + x] = (shade && indexOf.get(shade)) ?? 0;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('PLTE', Uint8Array.from(boxes.flatMap(average))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ]);
}
