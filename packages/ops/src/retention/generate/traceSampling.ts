import { formatDuration } from '../../duration';
import type { Policies, TracePolicy } from '../policySchema';

const NOTE = `// Traces: which are kept, and for how long.
// Generated from retention/retention-policies.yml by \`artel-ops retention generate\`: change it there.
//
// TEMPO_ENDPOINT   (tempo:4317), TEMPO_INSECURE=false where it speaks TLS
`;

const percent = (rate: number): number => Number((rate * 100).toFixed(6));

/** One way of a trace: sampled, put into batches, sent to its tenant. */
function pipeline(label: string, tenant: string, policy: string): string {
  return `otelcol.processor.tail_sampling "${label}" {
  decision_wait = "15s"
  num_traces    = 50000

${policy}

  output {
    traces = [otelcol.processor.batch.${label}.input]
  }
}

otelcol.processor.batch "${label}" {
  timeout         = "2s"
  send_batch_size = 1024

  output {
    traces = [otelcol.exporter.otlp.${label}.input]
  }
}

otelcol.exporter.otlp "${label}" {
  client {
    endpoint = coalesce(sys.env("TEMPO_ENDPOINT"), "tempo:4317")
    headers  = {
      "X-Scope-OrgID" = "${tenant}",
    }

    tls {
      insecure = sys.env("TEMPO_INSECURE") != "false"
    }
  }

  sending_queue {
    queue_size = 1000
  }

  retry_on_failure {
    max_elapsed_time = "30m"
  }
}
`;
}

const shareOf = ({ sampling_rate }: TracePolicy): string => `  policy {
    name = "share"
    type = "probabilistic"

    probabilistic {
      sampling_percentage = ${percent(sampling_rate)}
    }
  }`;

const statusOf = (block: string, indent: string): string => `${indent}${block} {
${indent}  name = "error"
${indent}  type = "status_code"

${indent}  status_code {
${indent}    status_codes = ["ERROR"]
${indent}  }
${indent}}`;

const errorsOf = ({ sampling_rate }: TracePolicy): string =>
  sampling_rate === 1
    ? statusOf('policy', '  ')
    : `  policy {
    name = "share_of_errors"
    type = "and"

    and {
${statusOf('and_sub_policy', '      ')}

      and_sub_policy {
        name = "share"
        type = "probabilistic"

        probabilistic {
          sampling_percentage = ${percent(sampling_rate)}
        }
      }
    }
  }`;

/**
 * Alloy's part: a share of all traces goes to one tenant, those with an error to another that is kept longer, so an error's
 * trace may be in both. Services send all of their traces (`OTEL_TRACES_SAMPLER_ARG=1`): only here it is known which failed.
 * https://grafana.com/docs/alloy/latest/reference/components/otelcol/otelcol.processor.tail_sampling/
 */
export function traceSampling({ retention_policies }: Policies): string {
  const { traces, error_traces } = retention_policies.traces;
  const kept = ({ sampling_rate, retention }: TracePolicy): string =>
    `${percent(sampling_rate)} %, for ${formatDuration(retention, 'd')}`;
  return `${NOTE}
otelcol.receiver.otlp "traces" {
  grpc {
    endpoint = "0.0.0.0:4317"
  }

  http {
    endpoint = "0.0.0.0:4318"
  }

  output {
    traces = [otelcol.processor.memory_limiter.traces.input]
  }
}

otelcol.processor.memory_limiter "traces" {
  check_interval = "1s"
  limit          = "512MiB"
  spike_limit    = "128MiB"

  output {
    traces = [
      otelcol.processor.tail_sampling.traces.input,
      otelcol.processor.tail_sampling.error_traces.input,
    ]
  }
}

// Of all traces ${kept(traces)}.
${pipeline('traces', traces.tenant, shareOf(traces))}
// Of those with an error ${kept(error_traces)}.
${pipeline('error_traces', error_traces.tenant, errorsOf(error_traces))}`;
}
