const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** Bytes of a quantity of Kubernetes such as `512Mi`. */
export function quantityBytes(quantity: string | number | undefined): number {
  const [, digits, unit = '', binary] = /^(\d+(?:\.\d+)?)([kKMGT]?)(i?)$/.exec(String(quantity)) ?? [];
  if (digits === undefined) throw new Error(`expected a quantity such as 512Mi, got ${quantity}`);
  return binary
    ? Number(digits) * 1_024 ** ['', 'K', 'M', 'G', 'T'].indexOf(unit)
    : Number(digits) * (units[unit] ?? Number.NaN);
}
