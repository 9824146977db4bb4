export { createFakeDevice, type FakeDevice, type FakePage, type PageOptions } from './fakeDevice';
export { createFakeGateway, type FakeGateway, type Fault } from './fakeGateway';
export { createFakeTelemetry, type FakeTelemetry, type TelemetryCall } from './fakeTelemetry';
