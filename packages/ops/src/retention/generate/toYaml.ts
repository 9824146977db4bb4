import { stringify } from 'yaml';
import { generatedNote } from './generatedNote';

/** A value as the text of a generated YAML file, the same for the same value. */
export function toYaml(what: string, value: unknown): string {
  return `${generatedNote(what)}${stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
