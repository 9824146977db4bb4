/** Where Loki and Tempo put what they keep. */
export type StorageKind = 'filesystem' | 's3';

/** What both replace by a variable of the environment, with `-config.expand-env=true`. */
export function fromEnvironment(variable: string): string {
  return `\${${variable}}`;
}
