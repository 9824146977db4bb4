import { pockets, table } from '../game/tableGeometry';
import { TablePaint } from './TablePaint';

const { width, height, rail, cushion } = table;
const inner = { x: rail, y: rail, width: width - 2 * rail, height: height - 2 * rail };
const right = width - rail;
const bottom = height - rail;
const middle = height / 2;

/** How far a cushion's nose ends from a corner pocket and from a middle one, and how much its jaw slants. */
const corner = 13;
const side = 15;
const slant = 7;

/** The six cushions, as outlines: long at the rail, shorter at the cloth, so that the pockets have jaws. */
const cushions = [
  `M${rail + corner} ${rail}H${right - corner}l${-slant} ${cushion}H${rail + corner + slant}z`,
  `M${rail + corner} ${bottom}H${right - corner}l${-slant} ${-cushion}H${rail + corner + slant}z`,
  ...[
    [rail + corner, middle - side],
    [middle + side, bottom - corner],
  ].flatMap(([from = 0, to = 0]) => [
    `M${rail} ${from}V${to}l${cushion} ${-slant}V${from + slant}z`,
    `M${right} ${from}V${to}l${-cushion} ${-slant}V${from + slant}z`,
  ]),
];

/** The four rails, mitred: each catches the light of the lamp above in its own way. */
const rails = [
  { d: `M0 0H${width}L${right} ${rail}H${rail}z`, light: 'light-top' },
  { d: `M0 0L${rail} ${rail}V${bottom}L0 ${height}z`, light: 'light-left' },
  { d: `M${width} 0V${height}L${right} ${bottom}V${rail}z`, light: 'light-right' },
  { d: `M0 ${height}L${rail} ${bottom}H${right}L${width} ${height}z`, light: 'light-bottom' },
] as const;

/** Mother-of-pearl sights in the rails: three between each two pockets of a long side, three on each short one. */
const sights = [
  ...[0.25, 0.5, 0.75].flatMap((share) =>
    [rail * 0.4, height - rail * 0.4].map((y) => ({ x: rail + share * inner.width, y })),
  ),
  ...[1, 2, 3, 5, 6, 7].flatMap((eighth) =>
    [rail * 0.4, width - rail * 0.4].map((x) => ({ x, y: rail + (eighth / 8) * inner.height })),
  ),
];

/** The table without balls: wooden rails, cushions, cloth with its lines and spots, six pockets. */
export function TableWood() {
  const baulk = height * 0.78;
  return (
    <svg className="table-wood" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <TablePaint />
      <g clipPath="url(#table-outline)">
        <rect width={width} height={height} fill="url(#wood)" />
        {rails.map(({ d, light }) => (
          <g key={light}>
            <path
              d={d}
              fill={light === 'light-top' || light === 'light-bottom' ? 'url(#grain)' : 'url(#grain-up)'}
            />
            <path d={d} className={light} />
          </g>
        ))}
      </g>
      <rect x="1.5" y="1.5" width={width - 3} height={height - 3} rx="20.5" className="wood-shine" />
      <rect {...inner} rx="5" fill="url(#cloth)" />
      <rect {...inner} rx="5" fill="url(#weave)" />

      <g className="chalk">
        <path d={`M${rail + cushion} ${baulk}H${right - cushion}`} />
        <path d={`M${width / 2 - 52} ${baulk}a52 52 0 0 0 104 0`} />
        <circle cx={width / 2} cy={baulk} r="2.4" />
        <circle cx={width / 2} cy={middle} r="2.4" />
        <circle cx={width / 2} cy={height * 0.24} r="2.4" />
      </g>

      <g className="cushion-shade">
        {cushions.map((d) => (
          <path key={d} d={d} />
        ))}
      </g>
      {cushions.map((d) => (
        <path key={d} d={d} className="cushion" />
      ))}
      <rect {...inner} rx="5" className="wood-edge" />

      {sights.map(({ x, y }) => (
        <path key={`${x} ${y}`} d={`M${x} ${y - 3.2}l2.3 3.2-2.3 3.2-2.3-3.2z`} className="sight" />
      ))}
      {pockets.map(({ x, y }) => (
        <g key={`${x} ${y}`} transform={`translate(${x} ${y})`}>
          <circle r="20" fill="url(#brass)" />
          <circle r="18" fill="url(#leather)" />
          <circle r="15.5" fill="url(#hole)" />
          <path d="M-11 10.5a15.2 15.2 0 0 0 22 0" className="pocket-rim" />
        </g>
      ))}
    </svg>
  );
}
