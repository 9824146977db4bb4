import { table } from '../game/tableGeometry';

/** What the table is painted with: wood, cloth, brass, leather. */
export function TablePaint() {
  return (
    <defs>
      <clipPath id="table-outline">
        <rect width={table.width} height={table.height} rx="22" />
      </clipPath>
      <linearGradient id="wood" x1="0" y1="0" x2="1" y2="1">
        <stop offset="0" stopColor="#8f5833" />
        <stop offset="0.35" stopColor="#744425" />
        <stop offset="0.7" stopColor="#7d4b29" />
        <stop offset="1" stopColor="#562f18" />
      </linearGradient>
      <pattern id="grain" width="120" height="13" patternUnits="userSpaceOnUse">
        <path d="M0 2.2q30-2 60 0t60 0M0 6q30 1.6 60 0t60 0M0 10.6q30-1.2 60 0t60 0" className="grain" />
      </pattern>
      <pattern id="grain-up" width="13" height="120" patternUnits="userSpaceOnUse">
        <path d="M2.2 0q-2 30 0 60t0 60M6 0q1.6 30 0 60t0 60M10.6 0q-1.2 30 0 60t0 60" className="grain" />
      </pattern>
      <radialGradient id="cloth" cx="0.5" cy="0.4" r="0.78">
        <stop offset="0" stopColor="#27996c" />
        <stop offset="0.55" stopColor="#167852" />
        <stop offset="1" stopColor="#0a4c33" />
      </radialGradient>
      {/* Two crossing threads: seen as nap, not as lines. */}
      <pattern id="weave" width="4" height="4" patternUnits="userSpaceOnUse">
        <path d="M0 4L4 0" className="thread-light" />
        <path d="M0 0L4 4" className="thread-dark" />
      </pattern>
      <radialGradient id="hole" cx="0.5" cy="0.4" r="0.6">
        <stop offset="0" stopColor="#000000" />
        <stop offset="0.75" stopColor="#080605" />
        <stop offset="1" stopColor="#1d130b" />
      </radialGradient>
      <linearGradient id="leather" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" stopColor="#1e120a" />
        <stop offset="1" stopColor="#4a2f1b" />
      </linearGradient>
      <linearGradient id="brass" x1="0" y1="0" x2="1" y2="1">
        <stop offset="0" stopColor="#f6dda2" />
        <stop offset="0.45" stopColor="#bf9145" />
        <stop offset="1" stopColor="#7c5820" />
      </linearGradient>
    </defs>
  );
}
