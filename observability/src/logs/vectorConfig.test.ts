import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { labelForms, metadataNames } from './logEntry';

interface Component {
  readonly type: string;
  readonly inputs?: readonly string[];
  readonly source?: string;
}
type Components = Readonly<Record<string, Component>>;

interface Config {
  readonly sources: Components;
  readonly transforms: Components;
  readonly sinks: Components;
}

const config = parse(readFileSync(new URL('../../vector/vector.yaml', import.meta.url), 'utf8')) as Config;
const { sources, transforms, sinks } = config;
const program = transforms['lines']?.source ?? '';

/** Options by component, as Vector's reference lists them: https://vector.dev/docs/reference/configuration/ */
const options: Readonly<Record<string, string>> = {
  docker_logs: 'docker_host include_containers',
  file: 'include exclude max_line_bytes',
  syslog: 'mode address max_length',
  internal_metrics: 'scrape_interval_secs',
  remap: 'inputs source drop_on_error drop_on_abort',
  loki: 'inputs endpoint encoding labels structured_metadata remove_timestamp out_of_order_action compression batch buffer acknowledgements',
  prometheus_exporter: 'inputs address',
};

/** https://vector.dev/docs/reference/vrl/functions/ */
const functions = [
  'for_each',
  'from_unix_timestamp',
  'get',
  'get_env_var',
  'int',
  'is_integer',
  'is_object',
  'is_string',
  'match',
  'object',
  'parse_json',
  'parse_regex',
  'parse_timestamp',
  'set',
  'to_string',
];

it('names components and options that Vector has', () => {
  for (const [name, component] of Object.entries({ ...sources, ...transforms, ...sinks })) {
    const { type, ...given } = component;
    const known = options[type]?.split(' ');
    expect(known, `${name}: ${type}`).toBeDefined();
    expect(
      Object.keys(given).filter((one) => !known?.includes(one)),
      name,
    ).toEqual([]);
  }
});

it('leads every source to a sink', () => {
  const ids = [...Object.keys(sources), ...Object.keys(transforms)];
  const inputs = [...Object.values(transforms), ...Object.values(sinks)].flatMap((one) => one.inputs ?? []);
  expect(inputs.filter((id) => !ids.includes(id))).toEqual([]);
  expect(ids.filter((id) => !inputs.includes(id))).toEqual([]);
});

it('calls functions of VRL, within brackets that close', () => {
  for (const { source = '' } of Object.values(transforms)) {
    const bare = source.replace(/#.*|r'[^']*'|"[^"]*"/g, '');
    const called = [...bare.matchAll(/\b([a-z_]+)!?\(/g)].map(([, name]) => name);
    expect(called.filter((name) => !functions.includes(name ?? ''))).toEqual([]);
    const closers: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };
    const open: string[] = [];
    for (const character of bare.replace(/\|[a-z, ]+\|/g, '')) {
      const closer = closers[character];
      if (closer) open.push(closer);
      else if ('})]'.includes(character)) expect(open.pop()).toBe(character);
    }
    expect(open).toEqual([]);
  }
});

it('has the forms of labels and the names of metadata that the other ways have', () => {
  for (const [name, form] of Object.entries(labelForms)) {
    expect(program).toMatch(new RegExp(`"${name}": \\[`));
    expect(program).toContain(`r'${form.source}'`);
  }
  for (const name of metadataNames) expect(program).toContain(`"${name}": fields.${name}`);
});

it('drops debug lines of production, and counts them as meant', () => {
  expect(program).toMatch(/labels\.environment == "production" && \(.*"debug".*"trace"\) \{ abort \}/);
  expect(transforms['lines']).toMatchObject({ drop_on_abort: true });
});
