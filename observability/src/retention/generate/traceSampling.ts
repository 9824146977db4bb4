import { formatDuration } from '../duration';
import type { Policies, TracePolicy } from '../policySchema';

const NOTE = `// Traces: which are kept, and for how long.
// Generated from retention/retention-policies.yml by \`npm run retention -- generate\`: change it there.
`;

const percent = (rate: number): number => Number((rate * 100).toFixed(6));

/** One way of a trace: sampled, put into batches, sent to its tenant. */
function pipeline(label: string, tenant: string, policy: string): string {
  return `otelcol.processor.tail_sampling "${label}" {
  decision_wait = "30s"

${policy}

  output {
    traces = [otelcol.processor.batch.${label}.input]
  }
}

otelcol.processor.batch "${label}" {
  output {
    traces = [otelcol.exporter.otlphttp.${label}.input]
  }
}

otelcol.exporter.otlphttp "${label}" {
  client {
    endpoint = coalesce(sys.env("TEMPO_OTLP_URL"), "http://tempo:4318")
    headers  = {
      "X-Scope-OrgID" = "${tenant}",
    }
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

const errorsOf = ({ sampling_rate }: TracePolicy): string => `  policy {
    name = "share_of_errors"
    type = "and"

    and {
      and_sub_policy {
        name = "error"
        type = "status_code"

        status_code {
          status_codes = ["ERROR"]
        }
      }

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
 * trace may be in both. Whole traces are needed: what sends them here must sample nothing itself (a service: ratio 1).
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
