import type { AlloyBlock, AlloyValue } from './alloySyntax';

/** What a block may hold: attributes, those with `!` required, and blocks within it. */
interface Shape {
  readonly attributes: string;
  readonly blocks?: Readonly<Record<string, Shape>>;
  /** What other components may refer to. */
  readonly exports?: string;
}

const rule: Shape = {
  attributes: 'source_labels separator regex modulus target_label replacement action',
};
const output: Shape = { attributes: 'metrics logs traces' };
const queue: Shape = { attributes: 'enabled num_consumers queue_size sizer block_on_overflow' };
const retry: Shape = {
  attributes: 'enabled initial_interval randomization_factor multiplier max_interval max_elapsed_time',
};

const stages: Readonly<Record<string, Shape>> = {
  'stage.cri': { attributes: 'max_partial_lines max_partial_line_size max_partial_line_size_truncate' },
  'stage.json': { attributes: 'expressions! source drop_malformed' },
  'stage.regex': { attributes: 'expression! source labels_from_groups' },
  'stage.labels': { attributes: 'values! source_type' },
  'stage.label_drop': { attributes: 'values!' },
  'stage.structured_metadata': { attributes: 'values regex' },
  'stage.timestamp': { attributes: 'source! format! fallback_formats location action_on_failure' },
};
const allStages: Readonly<Record<string, Shape>> = {
  ...stages,
  'stage.match': { attributes: 'selector! action pipeline_name drop_counter_reason', blocks: stages },
};

/**
 * The components that our configuration uses, with the arguments and blocks that Alloy's reference lists for each:
 * https://grafana.com/docs/alloy/latest/reference/components/
 */
const components: Readonly<Record<string, Shape>> = {
  logging: { attributes: 'level format write_to destination' },
  'discovery.docker': {
    attributes: 'host! port host_networking_host refresh_interval match_first_network',
    blocks: { filter: { attributes: 'name! values!' } },
    exports: 'targets',
  },
  'discovery.relabel': { attributes: 'targets!', blocks: { rule }, exports: 'output rules' },
  'local.file_match': { attributes: 'path_targets! sync_period ignore_older_than', exports: 'targets' },
  'loki.source.docker': { attributes: 'host! targets! forward_to! labels relabel_rules refresh_interval' },
  'loki.source.file': {
    attributes: 'targets! forward_to! encoding tail_from_end legacy_positions_file',
    blocks: { file_watch: { attributes: 'min_poll_frequency max_poll_frequency' } },
  },
  'loki.source.syslog': {
    attributes: 'forward_to! relabel_rules',
    blocks: {
      listener: {
        attributes:
          'address! protocol syslog_format labels use_incoming_timestamp use_rfc5424_message label_structured_data idle_timeout max_message_length',
      },
    },
  },
  'loki.relabel': { attributes: 'forward_to! max_cache_size', blocks: { rule }, exports: 'receiver rules' },
  'loki.process': { attributes: 'forward_to!', blocks: allStages, exports: 'receiver' },
  'loki.write': {
    attributes: 'external_labels max_streams',
    exports: 'receiver',
    blocks: {
      endpoint: {
        attributes:
          'url! name batch_size batch_wait remote_timeout tenant_id headers bearer_token bearer_token_file min_backoff_period max_backoff_period max_backoff_retries retry_on_http_429',
      },
      wal: { attributes: 'enabled drain_timeout max_segment_age min_read_frequency max_read_frequency' },
    },
  },
  'otelcol.receiver.otlp': {
    attributes: '',
    blocks: {
      grpc: { attributes: 'endpoint transport max_recv_msg_size' },
      http: { attributes: 'endpoint max_request_body_size include_metadata' },
      output,
    },
  },
  'otelcol.processor.memory_limiter': {
    attributes: 'check_interval! limit spike_limit limit_percentage spike_limit_percentage',
    blocks: { output },
    exports: 'input',
  },
  'otelcol.processor.tail_sampling': {
    attributes: 'decision_wait num_traces expected_new_traces_per_sec decision_cache sample_on_first_match',
    exports: 'input',
    blocks: {
      policy: {
        attributes: 'name! type!',
        blocks: {
          status_code: { attributes: 'status_codes!' },
          probabilistic: { attributes: 'sampling_percentage! hash_salt' },
          latency: { attributes: 'threshold_ms! upper_threshold_ms' },
          and: {
            attributes: '',
            blocks: {
              and_sub_policy: {
                attributes: 'name! type!',
                blocks: {
                  status_code: { attributes: 'status_codes!' },
                  probabilistic: { attributes: 'sampling_percentage! hash_salt' },
                },
              },
            },
          },
        },
      },
      output,
    },
  },
  'otelcol.processor.batch': {
    attributes: 'timeout send_batch_size send_batch_max_size metadata_keys',
    blocks: { output },
    exports: 'input',
  },
  'otelcol.exporter.otlp': {
    attributes: 'timeout',
    exports: 'input',
    blocks: {
      client: {
        attributes: 'endpoint! compression headers auth wait_for_ready',
        blocks: { tls: { attributes: 'insecure insecure_skip_verify ca_file cert_file key_file' } },
      },
      sending_queue: queue,
      retry_on_failure: retry,
    },
  },
};

const words = (text = ''): string[] => text.split(' ').filter(Boolean);

function checkBlock(block: AlloyBlock, shape: Shape, where: string): string[] {
  const names = words(shape.attributes);
  const known = names.map((name) => name.replace('!', ''));
  const given = [...block.attributes.keys()];
  return [
    ...given.filter((name) => !known.includes(name)).map((name) => `${where}: no argument ${name}`),
    ...names
      .filter((name) => name.endsWith('!') && !block.attributes.has(name.slice(0, -1)))
      .map((name) => `${where}: ${name.slice(0, -1)} is missing`),
    ...block.blocks.flatMap((inner) => {
      const within = shape.blocks?.[inner.name];
      const place = `${where}, ${inner.name} (line ${inner.line})`;
      return within ? checkBlock(inner, within, place) : [`${place}: no such block`];
    }),
  ];
}

function referencesOf(value: AlloyValue): string[] {
  switch (value.kind) {
    case 'reference':
      return [value.path.join('.')];
    case 'array':
      return value.items.flatMap(referencesOf);
    case 'object':
      return [...value.fields.values()].flatMap(referencesOf);
    case 'call':
      return value.args.flatMap(referencesOf);
    case 'binary':
      return value.sides.flatMap(referencesOf);
    case 'literal':
      return [];
  }
}

function referencesIn(block: AlloyBlock): string[] {
  return [...[...block.attributes.values()].flatMap(referencesOf), ...block.blocks.flatMap(referencesIn)];
}

/** What Alloy would refuse of a configuration: unknown components, arguments and blocks, missing ones, loose references. */
export function checkAlloy(blocks: readonly AlloyBlock[]): string[] {
  const exported = new Set(
    blocks.flatMap(({ name, label }) =>
      words(components[name]?.exports).map((one) => `${name}.${label}.${one}`),
    ),
  );
  const ids = blocks.map(({ name, label }) => `${name} ${label}`);
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id}: is there twice`),
    ...blocks.flatMap((block) => {
      const where = `${block.name} ${block.label ?? ''} (line ${block.line})`;
      const shape = components[block.name];
      if (!shape) return [`${where}: no such component`];
      return [
        ...(block.label === undefined && block.name !== 'logging' ? [`${where}: has no label`] : []),
        ...checkBlock(block, shape, where),
        ...referencesIn(block)
          .filter((path) => !exported.has(path))
          .map((path) => `${where}: refers to ${path}, which nothing exports`),
      ];
    }),
  ];
}
