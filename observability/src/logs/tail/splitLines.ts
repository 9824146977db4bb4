/** The longest line that is kept, in bytes, as Loki has it (`max_line_size`). */
export const MAX_LINE_BYTES = 262_144;

/** A line of a piece of a file. */
export interface SplitLine {
  /** Without its line break; cut where it is too long. */
  readonly text: string;
  /** Where it begins in the piece, in bytes. */
  readonly at: number;
  readonly isCut: boolean;
}

export interface Split {
  readonly lines: readonly SplitLine[];
  /** Bytes up to and with the last line break: what comes behind is not whole yet. */
  readonly used: number;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

function readLine(piece: Uint8Array, at: number, end: number): SplitLine {
  const behind = end > at && piece[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
  const isCut = behind - at > MAX_LINE_BYTES;
  const bytes = piece.subarray(at, isCut ? at + MAX_LINE_BYTES : behind);
  return { text: Buffer.from(bytes).toString('utf8'), at, isCut };
}

/**
 * The whole lines of a piece of a file; empty ones are left out. `isLast` says that nothing will come behind it: then what
 * has no line break is a line too.
 */
export function splitLines(piece: Uint8Array, isLast: boolean): Split {
  const lines: SplitLine[] = [];
  let at = 0;
  for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, at)) {
    lines.push(readLine(piece, at, end));
    at = end + 1;
  }
  if (isLast && at < piece.length) {
    lines.push(readLine(piece, at, piece.length));
    at = piece.length;
  }
  return { lines: lines.filter(({ text }) => text !== ''), used: at };
}
