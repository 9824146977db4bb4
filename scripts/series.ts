// `npm run series`: runs the demo with Debian's exporters, and writes which metrics they have.
import '@artel/observability/queries/writeSeries';
