import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';

const require = createRequire(import.meta.url);
const folder = join(dirname(require.resolve('@platformatic/promotel')), '../proto');
/** Where `google/protobuf/descriptor.proto` is, which the options of Prometheus' files extend. */
const google = dirname(require.resolve('protobufjs'));

/**
 * The published .proto files of OTLP and of Prometheus remote write, as `@platformatic/promotel` ships them on npm:
 * not the gateway's own copy.
 */
function published(...files: readonly string[]): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(target.startsWith('google/') ? google : folder, target);
  root.loadSync([...files]);
  root.resolveAll();
  return root;
}

export const publishedOtlp = published(
  'opentelemetry/proto/collector/logs/v1/logs_service.proto',
  'opentelemetry/proto/collector/trace/v1/trace_service.proto',
  'opentelemetry/proto/collector/metrics/v1/metrics_service.proto',
);

// promotel ships an older OTLP. Since 1.1 a span and a link have flags, which OpenTelemetry's SDKs send:
// https://github.com/open-telemetry/opentelemetry-proto/blob/v1.1.0/opentelemetry/proto/trace/v1/trace.proto
for (const [name, id] of Object.entries({ Span: 16, 'Span.Link': 6 }))
  publishedOtlp
    .lookupType(`opentelemetry.proto.trace.v1.${name}`)
    .add(new protobuf.Field('flags', id, 'fixed32'));

export const publishedRemoteWrite = published('prometheus.proto');

interface FieldShape {
  readonly id: number;
  readonly type: string;
  readonly repeated: boolean;
  readonly oneof: string | undefined;
}

function fieldsOf(type: protobuf.Type): Record<string, FieldShape> {
  return Object.fromEntries(
    type.fieldsArray.map((field) => [
      field.name,
      {
        id: field.id,
        type: field.resolvedType?.fullName ?? field.type,
        repeated: field.repeated,
        oneof: field.partOf?.name,
      },
    ]),
  );
}

/** Every message and enum of a schema by its full name, with all that the wire depends on. */
export function shapes(namespace: protobuf.NamespaceBase): Record<string, Record<string, unknown>> {
  return Object.assign(
    {},
    ...namespace.nestedArray.map((one) => ({
      ...(one instanceof protobuf.Type ? { [one.fullName]: fieldsOf(one) } : {}),
      ...(one instanceof protobuf.Enum ? { [one.fullName]: one.values } : {}),
      ...(one instanceof protobuf.Namespace ? shapes(one) : {}),
    })),
  );
}
