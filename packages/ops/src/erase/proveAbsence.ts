import type { Prometheus } from '../retention/stores/prometheus';

/** What of the labels of a Prometheus was looked through, and where a player was found. */
export interface AbsenceProof {
  readonly labels: number;
  readonly values: number;
  readonly found: readonly { readonly label: string; readonly selector: string }[];
}

/**
 * Looks through every value of every label for any of some names of a player, as a whole or as a part between other signs.
 * None is expected: no label of ours is of a person.
 */
export async function proveAbsence(prometheus: Prometheus, names: readonly string[]): Promise<AbsenceProof> {
  const found: { label: string; selector: string }[] = [];
  let values = 0;
  const labels = await prometheus.labelNames();
  const parts = names.map((name) => new RegExp(`(?<![0-9A-Za-z])${literally(name)}(?![0-9A-Za-z])`));
  for (const label of labels) {
    const all = await prometheus.labelValues(label);
    values += all.length;
    for (const value of all)
      if (parts.some((part) => part.test(value)))
        found.push({ label, selector: `{${label}=${JSON.stringify(value)}}` });
  }
  return { labels: labels.length, values, found };
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
