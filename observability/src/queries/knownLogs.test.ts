import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type AlloyBlock, type AlloyValue, parseAlloy } from '../logs/testing/alloySyntax';
import { alloyLabels, knownLogs } from './knownLogs';

const config = parseAlloy(readFileSync(new URL('../../alloy/config.alloy', import.meta.url), 'utf8'));

function allBlocks(blocks: readonly AlloyBlock[]): AlloyBlock[] {
  return blocks.flatMap((block) => [block, ...allBlocks(block.blocks)]);
}

function keysOf(value: AlloyValue | undefined): string[] {
  if (value?.kind === 'array') return value.items.flatMap(keysOf);
  return value?.kind === 'object' ? [...value.fields.keys()] : [];
}

/** Names that begin with `__` are Alloy's own, and end with it. */
const isKept = (name: string) => !name.startsWith('__');

it('has the labels that Alloy gives to the streams of services and of the system, and no others', () => {
  const given = allBlocks(config)
    .filter(({ name }) => !name.startsWith('otelcol.'))
    .flatMap(({ name, attributes }) => {
      const target = attributes.get('target_label');
      return [
        ...keysOf(attributes.get('labels')),
        ...keysOf(attributes.get('path_targets')),
        ...(name === 'stage.labels' ? keysOf(attributes.get('values')) : []),
        ...(target?.kind === 'literal' ? [String(target.value)] : []),
      ];
    })
    .filter(isKept);
  expect([...new Set(given)].sort()).toEqual([...alloyLabels].sort());
});

it('has the fields that Alloy keeps beside lines', () => {
  const beside = allBlocks(config)
    .filter(({ name }) => name === 'stage.structured_metadata')
    .flatMap(({ attributes }) => keysOf(attributes.get('values')));
  expect(beside.length).toBeGreaterThan(5);
  expect(beside.filter((name) => !knownLogs.fields.has(name))).toEqual([]);
});
