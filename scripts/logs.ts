// `npm run logs -- ask slow-requests`: logs for those who run without Loki.
import '@artel/observability/logs/cli';
