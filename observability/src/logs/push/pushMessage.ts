import protobuf from 'protobufjs';

// The part of Loki's push messages that entries are made of, field by field as published: Copyright Grafana Labs,
// Apache-2.0, https://github.com/grafana/loki/blob/main/pkg/push/push.proto
const { root } = protobuf.parse(`
syntax = "proto3";
package logproto;
message PushRequest {
  repeated StreamAdapter streams = 1;
}
message StreamAdapter {
  string labels = 1;
  repeated EntryAdapter entries = 2;
  uint64 hash = 3;
}
message Timestamp {
  int64 seconds = 1;
  int32 nanos = 2;
}
message EntryAdapter {
  Timestamp timestamp = 1;
  string line = 2;
  repeated LabelPairAdapter structuredMetadata = 3;
  repeated LabelPairAdapter parsed = 4;
}
message LabelPairAdapter {
  string name = 1;
  string value = 2;
}
`);
root.resolveAll();

/** `POST /loki/api/v1/push` as `application/x-protobuf`. */
export const pushMessage = root.lookupType('logproto.PushRequest');
