import protobuf from 'protobufjs';

// The messages of Prometheus remote write 1.0 as they are published, without their comments and without native
// histograms, which the gateway has none of: Copyright The Prometheus Authors, Apache-2.0,
// https://github.com/prometheus/prometheus/tree/main/prompb. `remoteWrite.test.ts` holds every field against the
// published files. https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol
const { root } = protobuf.parse(`
syntax = "proto3";
package prometheus;
message WriteRequest {
  repeated prometheus.TimeSeries timeseries = 1;
  reserved 2;
  repeated prometheus.MetricMetadata metadata = 3;
}
message MetricMetadata {
  enum MetricType {
    UNKNOWN        = 0;
    COUNTER        = 1;
    GAUGE          = 2;
    HISTOGRAM      = 3;
    GAUGEHISTOGRAM = 4;
    SUMMARY        = 5;
    INFO           = 6;
    STATESET       = 7;
  }
  MetricType type = 1;
  string metric_family_name = 2;
  string help = 4;
  string unit = 5;
}
message Sample {
  double value    = 1;
  int64 timestamp = 2;
}
message Exemplar {
  repeated Label labels = 1;
  double value = 2;
  int64 timestamp = 3;
}
message TimeSeries {
  repeated Label labels         = 1;
  repeated Sample samples       = 2;
  repeated Exemplar exemplars   = 3;
}
message Label {
  string name  = 1;
  string value = 2;
}
`);
root.resolveAll();

export const remoteWriteRoot = root;
export const writeRequest = root.lookupType('prometheus.WriteRequest');
