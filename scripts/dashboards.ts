// `npm run dashboards`: writes the dashboards of Grafana into observability/grafana/dashboards/.
import '../observability/src/dashboards/writeDashboards';
