/** The labels that a legend such as `{{service}} in {{ region }}` names. */
export function labelsOfLegend(legend: string): string[] {
  return [...legend.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)].map(([, label = '']) => label);
}

/** The labels of a rule's result that a text of the rule names: `{{ $labels.service }}`. */
export function labelsOfText(text: string): string[] {
  return [...text.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
}
