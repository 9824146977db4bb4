export { createOutputs, type Outputs, type OutputTenant } from './createOutputs';
export { createForwarder, type Forwarder, type ForwarderOptions } from './forwarder';
export type { LaneReport } from './lane';
export { type OutputsConfig, outputsSchema } from './outputsConfig';
export type { Cursors, QueueEntry, QueueReader } from './queueReader';
