/** The JSON object that a line is, or `undefined`. */
export function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  // Most lines that are none are seen by their first character, without the cost of an error.
  if (!/^\s*\{/.test(line)) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
