export { type AddressHashOptions, createAddressHash } from './addressHash';
export { BusinessEventLogger, type InfoLogger } from './BusinessEventLogger';
export {
  createLogger,
  flushLogger,
  type LoggerOptions,
  type LogLevel,
  type LogLine,
} from './createLogger';
export {
  currentRequestContext,
  type RequestContext,
  setRequestContext,
  withRequestContext,
} from './requestContext';
export { requestIdFrom } from './requestId';
export {
  type LineFields,
  type RequestLogger,
  type RequestLoggingOptions,
  requestLogging,
} from './requestLogging';
