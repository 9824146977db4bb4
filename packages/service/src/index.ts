export { createService, type Service } from './createService';
export type { FastifyOptions, ServiceOptions } from './serviceOptions';
export { within } from './within';
