import { pockets, table } from '../game/tableGeometry';

const { width, height, rail, cushion } = table;
const inner = { x: rail, y: rail, width: width - 2 * rail, height: height - 2 * rail };
const cloth = {
  x: rail + cushion,
  y: rail + cushion,
  width: inner.width - 2 * cushion,
  height: inner.height - 2 * cushion,
};

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
      <defs>
        <linearGradient id="wood" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#8a5530" />
          <stop offset="0.35" stopColor="#6d3f21" />
          <stop offset="0.7" stopColor="#7b4a28" />
          <stop offset="1" stopColor="#4e2b15" />
        </linearGradient>
        <radialGradient id="cloth" cx="0.5" cy="0.42" r="0.75">
          <stop offset="0" stopColor="#249468" />
          <stop offset="0.6" stopColor="#15734f" />
          <stop offset="1" stopColor="#0c5438" />
        </radialGradient>
        <linearGradient id="cushion" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#0a4a31" />
          <stop offset="0.5" stopColor="#117049" />
          <stop offset="1" stopColor="#0d5a3b" />
        </linearGradient>
        <radialGradient id="hole" cx="0.5" cy="0.42" r="0.6">
          <stop offset="0" stopColor="#000000" />
          <stop offset="0.75" stopColor="#0b0907" />
          <stop offset="1" stopColor="#2b1d12" />
        </radialGradient>
        <linearGradient id="brass" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#f1d596" />
          <stop offset="0.5" stopColor="#b98a3d" />
          <stop offset="1" stopColor="#7c5820" />
        </linearGradient>
      </defs>

      <rect width={width} height={height} rx="22" fill="url(#wood)" />
      <rect x="1.5" y="1.5" width={width - 3} height={height - 3} rx="20.5" className="wood-shine" />
      <rect {...inner} rx="6" fill="#07331f" />
      <rect
        {...inner}
        x={inner.x + 1}
        y={inner.y + 1}
        width={inner.width - 2}
        height={inner.height - 2}
        rx="5"
        fill="url(#cushion)"
      />
      <rect {...cloth} rx="4" fill="url(#cloth)" />
      <rect {...cloth} rx="4" className="cloth-shade" />

      <g className="chalk">
        <path d={`M${cloth.x} ${baulk}H${cloth.x + cloth.width}`} />
        <path d={`M${width / 2 - 52} ${baulk}a52 52 0 0 0 104 0`} />
        <circle cx={width / 2} cy={baulk} r="2.4" />
        <circle cx={width / 2} cy={height / 2} r="2.4" />
        <circle cx={width / 2} cy={height * 0.24} r="2.4" />
      </g>

      {sights.map(({ x, y }) => (
        <path key={`${x} ${y}`} d={`M${x} ${y - 3.2}l2.3 3.2-2.3 3.2-2.3-3.2z`} className="sight" />
      ))}
      {pockets.map(({ x, y }) => (
        <g key={`${x} ${y}`}>
          <circle cx={x} cy={y} r="20" fill="url(#brass)" />
          <circle cx={x} cy={y} r="17.5" fill="url(#hole)" />
        </g>
      ))}
    </svg>
  );
}
