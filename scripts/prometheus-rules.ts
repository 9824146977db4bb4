// `npm run --silent prometheus-rules [-- NAMESPACE] | kubectl apply -f -`: the rules as objects of the Prometheus operator.
import { fileURLToPath } from 'node:url';
import { prometheusRules } from '@artel/observability/kubernetes/prometheusRules';
import { stringify } from 'yaml';

const [namespace = 'monitoring', ...more] = process.argv.slice(2);
if (more.length > 0 || !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace)) {
  console.error(`expected npm run prometheus-rules [-- NAMESPACE], got ${[namespace, ...more].join(' ')}`);
  process.exit(1);
}
const folder = fileURLToPath(new URL('../observability/prometheus/rules', import.meta.url));
for (const rule of prometheusRules(folder, namespace))
  process.stdout.write(`---\n${stringify(rule, { lineWidth: 0 })}`);
